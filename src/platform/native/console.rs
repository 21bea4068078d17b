//! The command line's host: files, streams, the terminal, Ctrl-C, and the service.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, IsTerminal, Read, Write};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use directories::ProjectDirs;
use futures::FutureExt;
use futures::future::{LocalBoxFuture, pending};

use super::aside::Planners;
use super::bar::BatchBar;
use super::discard::discard;
use super::http::{self, Said};
use super::lab::NativeLab;
use super::log;
use super::patterns::DashPatternCache;
use super::redb_store::RedbStore;
use super::streams;
use super::time::{TokioSleep, TokioYield, WallClock, wall_clock_ms};

use crate::cli::{Bar, Host, Kept, Lines, LogFormat, Output, ServeConfig, Storage};
use crate::parity::Lab;
use crate::runtime::{Pacing, Sleep};
use crate::service::{
    Busy, Environment, Job, LayeredPatterns, Request, ResultReport, Service, ServiceConfig,
};
use crate::store::PatternRecords;

/// The process as the command line sees it. Must be used inside a Tokio `LocalSet`.
#[derive(Default)]
pub struct Console {
    started: RefCell<Option<Started>>,
    aside: RefCell<Option<Planners>>,
    /// What a person should be told about the storage of the threads beside this one.
    notices: RefCell<Vec<String>>,
}

struct Started {
    service: Service,
    patterns: Rc<LayeredPatterns>,
    notices: Vec<String>,
}

impl Started {
    /// Opens the storage and spawns the service.
    #[expect(clippy::disallowed_methods, reason = "this is where the native host spawns")]
    fn new(storage: &Storage) -> Self {
        let (disk, notices) = match storage {
            Storage::Memory => (None, Vec::new()),
            Storage::Folder(folder) => {
                let opened = RedbStore::open(folder);
                (opened.store.map(|store| Rc::new(store) as Rc<dyn PatternRecords>), opened.notices)
            }
        };
        let cache = Rc::new(DashPatternCache::default());
        let patterns = Rc::new(LayeredPatterns::new(cache, disk, wall_clock_ms));
        let pacing = Pacing {
            clock: Rc::new(WallClock::default()),
            sleep: Rc::new(TokioSleep),
            yielder: Rc::new(TokioYield),
        };
        let environment = Environment { discard, ..Environment::new(pacing, Rc::clone(&patterns) as _) };
        let (service, running) = Service::new(environment, ServiceConfig::default());
        tokio::task::spawn_local(running);
        Self { service, patterns, notices }
    }
}

impl Host for Console {
    fn read_file(&self, path: &Path, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn file_bytes(&self, path: &Path) -> Option<u64> {
        fs::metadata(path).ok().filter(fs::Metadata::is_file).map(|found| found.len())
    }

    fn read_stdin(&self, limit: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::write(path, bytes)
    }

    fn kept(&self, storage: &Storage) -> Result<Kept, String> {
        let Storage::Folder(folder) = storage else {
            return Err("the system has no folder for what is kept: name one with --data-dir".to_owned());
        };
        let opened = RedbStore::open(folder);
        self.notices.borrow_mut().extend(opened.notices.iter().cloned());
        let store = Rc::new(opened.store.ok_or("what is kept cannot be opened")?);
        Ok(Kept { documents: Rc::clone(&store) as _, patterns: store })
    }

    fn read_lines(&self, path: &Path, line_bytes_max: usize) -> io::Result<Box<dyn Lines>> {
        streams::read_lines(path, line_bytes_max)
    }

    fn output(&self, path: Option<&Path>) -> io::Result<Box<dyn Output>> {
        streams::output(path)
    }

    fn bar(&self, bytes: Option<u64>) -> Box<dyn Bar> {
        Box::new(BatchBar::new(bytes))
    }

    fn write_stdout(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            // A reader that closed the pipe has read what it wanted.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => written,
        }
    }

    fn write_stderr(&self, text: &str) {
        // A failure cannot be reported anywhere else.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn stdout_is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn stderr_is_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }

    fn variable(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name)
    }

    fn data_folder(&self) -> Option<PathBuf> {
        // A process without a home in its environment runs for nobody, and keeps nothing.
        let has_home =
            ["HOME", "USERPROFILE", "XDG_DATA_HOME"].iter().any(|name| self.variable(name).is_some());
        let folders = ProjectDirs::from("", "", "planscope").filter(|_| has_home)?;
        Some(folders.data_local_dir().to_owned())
    }

    fn submit(&self, request: Request, storage: &Storage) -> Result<Job, Busy> {
        let mut started = self.started.borrow_mut();
        started.get_or_insert_with(|| Started::new(storage)).service.try_submit(request)
    }

    fn close(&self) -> LocalBoxFuture<'_, ()> {
        let service = self.started.borrow().as_ref().map(|started| started.service.clone());
        let planners = self.aside.take();
        async move {
            if let Some(service) = service {
                service.shutdown(Duration::ZERO).await;
            }
            let notices = planners.map(Planners::end).unwrap_or_default();
            self.notices.borrow_mut().extend(notices);
        }
        .boxed_local()
    }

    fn take_notices(&self) -> Vec<String> {
        let mut notices = self.notices.take();
        notices.extend(self.aside.borrow().as_ref().map(Planners::take_notices).unwrap_or_default());
        if let Some(started) = self.started.borrow_mut().as_mut() {
            notices.append(&mut started.notices);
            notices.extend(started.patterns.take_notices());
        }
        notices
    }

    fn sleep(&self, duration: Duration) -> LocalBoxFuture<'static, ()> {
        TokioSleep.sleep(duration)
    }

    fn interrupted(&self) -> LocalBoxFuture<'static, ()> {
        async {
            // Without a handler the signal ends the process.
            if tokio::signal::ctrl_c().await.is_err() {
                pending::<()>().await;
            }
        }
        .boxed_local()
    }

    fn plan_aside(
        &self,
        request: Request,
        threads: usize,
        storage: &Storage,
    ) -> io::Result<LocalBoxFuture<'static, Option<ResultReport>>> {
        let mut aside = self.aside.borrow_mut();
        if aside.is_none() {
            let (planners, notices) = Planners::start(threads, storage)?;
            self.notices.borrow_mut().extend(notices);
            *aside = Some(planners);
        }
        let planners = aside.as_ref().ok_or(io::ErrorKind::Other)?;
        Ok(planners.plan(request))
    }

    fn parallelism(&self) -> usize {
        thread::available_parallelism().map_or(1, NonZero::get)
    }

    fn start_log(&self, format: LogFormat, directives: &str) -> Result<(), String> {
        log::start(format, directives)
    }

    fn serve<'a>(&'a self, config: &'a ServeConfig) -> LocalBoxFuture<'a, io::Result<()>> {
        let say = |said| match said {
            // Whoever reads standard output to learn the address may have gone away since.
            Said::Listening(url) => drop(self.write_stdout(&format!("listening on {url}\n"))),
            Said::Notice(notice) => self.write_stderr(&format!("note: {notice}\n")),
            Said::Ending => self.write_stderr("ending: requests under way may go on for ten seconds\n"),
        };
        async move { http::serve(config, &say).await }.boxed_local()
    }
    fn lab(&self) -> Box<dyn Lab> {
        Box::new(NativeLab::new())
    }
}
