//! What is told of a request to whoever listens: names, and what belongs to what.

use std::collections::HashMap;
use std::fmt::{Debug, Write};
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use crate::support::generators::classic;
use crate::support::served::{greedy, served};
use crate::typed::Panics;
use planscope::service::{Environment, Request, Service, ServiceConfig};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing::subscriber::with_default;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

/// Lines for what happened, each with its way: `request/phase search/slice`.
#[derive(Clone, Default)]
struct Told {
    lines: Arc<Mutex<Vec<String>>>,
    ways: Arc<Mutex<HashMap<u64, String>>>,
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Told {
    fn way(&self, parent: Option<u64>, text: &str) -> String {
        let ways = self.ways.lock().unwrap();
        let parent = parent.and_then(|parent| ways.get(&parent));
        parent.map_or_else(|| text.to_owned(), |parent| format!("{parent}/{text}"))
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Told {
    fn on_new_span(&self, span: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut text = Text(span.metadata().name().to_owned());
        span.record(&mut text);
        let parent = context.span(id).and_then(|span| span.parent()).map(|parent| parent.id().into_u64());
        let way = self.way(parent, &text.0);
        self.ways.lock().unwrap().insert(id.into_u64(), way.clone());
        self.lines.lock().unwrap().push(way);
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut text = Text(event.metadata().name().to_owned());
        event.record(&mut text);
        let parent = context.event_span(event).map(|span| span.id().into_u64());
        let way = self.way(parent, &text.0);
        self.lines.lock().unwrap().push(way);
    }
}

fn told(test: impl FnOnce()) -> Vec<String> {
    let told = Told::default();
    with_default(tracing_subscriber::registry().with(told.clone()), test);
    told.lines.lock().unwrap().clone()
}

#[test]
fn a_request_is_told_from_its_submission_to_its_answer() {
    let lines = told(|| {
        served(ServiceConfig::default(), async |test| {
            test.service.try_submit(greedy(&classic())).unwrap().finished().await;
            test.turns(5).await;
        });
    });
    let mut known = lines.clone();
    known.dedup();
    assert_eq!(
        known,
        [
            "request id=1",
            "request id=1/queue",
            "request id=1/phase phase=\"parse\"",
            "request id=1/phase phase=\"parse\"/slice",
            "request id=1/store operation=\"find\"",
            "request id=1/cache cache=\"pattern\" found=false",
            "request id=1/phase phase=\"ground\"",
            "request id=1/cache cache=\"task\" found=false",
            "request id=1/phase phase=\"ground\"/slice",
            "request id=1/phase phase=\"search\"",
            "request id=1/phase phase=\"search\"/slice",
            "request id=1/phase phase=\"validate\"",
            "request id=1/phase phase=\"validate\"/slice",
            "request id=1/answered outcome=\"solved\"",
            "store operation=\"keep\"",
        ],
        "{lines:#?}"
    );
}

#[test]
fn a_fault_is_told_with_its_causes_and_its_request() {
    let lines = told(|| {
        served(ServiceConfig::default(), async |test| {
            let environment = Environment { patterns: Rc::new(Panics), ..test.environment };
            let (service, running) = Service::new(environment, ServiceConfig::default());
            let request: Request = greedy(&classic());
            let answered = async {
                service.try_submit(request).unwrap().finished().await;
                drop(service);
            };
            futures::join!(answered, running);
        });
    });
    let told = lines.iter().find(|line| line.contains("failed")).unwrap();
    let expected = "request id=1/failed error=\"request 1 failed, which is a fault of the planner: a part of the \
                    planner panicked: the store has a fault\"";
    assert_eq!(told, expected);
}
