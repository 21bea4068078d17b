//! Documents and patterns in `IndexedDB`, and the faults they survive.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use js_sys::{Object, Reflect, Uint8Array};
use planscope::plan::{Guarantee, Pattern, PatternKey, Use, Uses};
use planscope::platform::browser::database::{DOCUMENTS, Database, QUARANTINE};
use planscope::platform::browser::idb::{self, Access};
use planscope::platform::browser::{ChannelYield, IdbDocuments, IdbPatterns, TimerSleep};
use planscope::runtime::{Sleep, Yield};
use planscope::store::pattern::RECORD_BYTES_MAX;
use planscope::store::record::{self, Kind};
use planscope::store::{Document, DocumentId, Documents, PatternRecords, StoreError, StoreEvent};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

fn document(id: &str, text: &str, revision: u64) -> Document {
    Document {
        id: DocumentId(id.to_owned()),
        name: id.to_owned(),
        text: text.to_owned(),
        problem: None,
        settings: "{}".to_owned(),
        last_result: None,
        revision,
        modified_ms: 1.5,
    }
}

/// A tab of its own: a connection and a line to the others.
fn tab(name: &str) -> IdbDocuments {
    IdbDocuments::new(Database::new(name), name)
}

async fn delete_database(name: &str) {
    let request = idb::factory().expect("a factory").delete_database(name).expect("a request");
    let done = js_sys::Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    wasm_bindgen_futures::JsFuture::from(done).await.expect("the database is deleted");
}

async fn put_raw(name: &str, id: &str, value: &JsValue) {
    let database = Database::new(name);
    let put = |transaction: &web_sys::IdbTransaction| {
        Ok(idb::store(transaction, DOCUMENTS)?.put_with_key(value, &id.into())?)
    };
    database.transact(&[DOCUMENTS], Access::WriteStrict, put).await.expect("a raw write");
}

async fn count(name: &str, store: &'static str) -> u32 {
    let database = Database::new(name);
    let counted = |transaction: &web_sys::IdbTransaction| Ok(idb::store(transaction, store)?.count()?);
    let request = database.transact(&[store], Access::Read, counted).await.expect("a count");
    request.result().expect("a result").as_f64().expect("a number") as u32
}

#[wasm_bindgen_test]
async fn what_one_tab_saved_another_lists() {
    let name = "test-round-trip";
    delete_database(name).await;
    assert_eq!(tab(name).save(document("a", "one", 0)).await, Ok(1));
    assert_eq!(tab(name).save(document("a", "two", 1)).await, Ok(2));
    let listing = tab(name).list().await.unwrap();
    assert_eq!(listing.documents, [document("a", "two", 2)]);
    assert!(listing.is_persistent);
    assert!(listing.problems.is_empty(), "{:?}", listing.problems);
    tab(name).delete(DocumentId("a".to_owned())).await.unwrap();
    let listing = tab(name).list().await.unwrap();
    assert!(listing.documents.is_empty() && listing.problems.is_empty(), "{listing:?}");
}

#[wasm_bindgen_test]
async fn a_save_over_a_newer_revision_is_refused() {
    let name = "test-conflict";
    delete_database(name).await;
    let (one, other) = (tab(name), tab(name));
    assert_eq!(one.save(document("a", "mine", 0)).await, Ok(1));
    assert_eq!(other.save(document("a", "theirs", 0)).await, Err(StoreError::Conflict { newest: 1 }));
    assert_eq!(other.save(document("a", "theirs", 1)).await, Ok(2));
    assert_eq!(one.save(document("a", "mine", 1)).await, Err(StoreError::Conflict { newest: 2 }));
    assert_eq!(one.list().await.unwrap().documents[0].text, "theirs");
}

#[wasm_bindgen_test]
async fn of_two_saves_at_once_one_wins() {
    let name = "test-race";
    delete_database(name).await;
    let (one, other) = (tab(name), tab(name));
    let saves = futures::join!(one.save(document("a", "1", 0)), other.save(document("a", "2", 0)));
    assert!(matches!(saves, (Ok(1), Err(StoreError::Conflict { newest: 1 })) | (Err(_), Ok(1))), "{saves:?}");
}

#[wasm_bindgen_test]
async fn damaged_records_are_set_aside_and_the_others_load() {
    let name = "test-damage";
    delete_database(name).await;
    tab(name).save(document("good", "text", 0)).await.unwrap();
    put_raw(name, "flipped", &Uint8Array::from(&b"PLSC\x01\0\x01\0not a record at all"[..]).into()).await;
    put_raw(name, "foreign", &"a text".into()).await;
    let listing = tab(name).list().await.unwrap();
    assert_eq!(listing.documents, [document("good", "text", 1)]);
    assert_eq!(listing.problems.len(), 2, "{:?}", listing.problems);
    assert_eq!((count(name, DOCUMENTS).await, count(name, QUARANTINE).await), (1, 2));
    assert!(tab(name).list().await.unwrap().documents.len() == 1);
}

#[wasm_bindgen_test]
async fn saving_over_a_damaged_record_keeps_the_damaged_one() {
    let name = "test-damage-save";
    delete_database(name).await;
    put_raw(name, "a", &"a text".into()).await;
    assert_eq!(tab(name).save(document("a", "again", 4)).await, Ok(5));
    assert_eq!(count(name, QUARANTINE).await, 1);
}

#[wasm_bindgen_test]
async fn a_silently_empty_database_is_noticed_once() {
    let name = "test-empty";
    delete_database(name).await;
    tab(name).save(document("a", "text", 0)).await.unwrap();
    delete_database(name).await;
    let problems = tab(name).list().await.unwrap().problems;
    assert!(problems.len() == 1 && problems[0].contains("lost saved work: 1 document"), "{problems:?}");
    assert!(tab(name).list().await.unwrap().problems.is_empty());
}

#[wasm_bindgen_test]
async fn a_wiped_storage_is_opened_again_and_the_open_document_rewritten() {
    let name = "test-wipe";
    delete_database(name).await;
    let one = tab(name);
    one.save(document("open", "text", 0)).await.unwrap();
    delete_database(name).await;
    one.list().await.unwrap();
    let told = one.take_events();
    assert!(matches!(&told[..], [StoreEvent::Notice(text)] if text.contains("wiped")), "{told:?}");
    for _ in 0..50 {
        TimerSleep.sleep(Duration::from_millis(20)).await;
        if one.list().await.unwrap().documents == [document("open", "text", 1)] {
            return;
        }
    }
    panic!("the document was not saved again");
}

#[wasm_bindgen_test]
async fn tabs_hear_of_each_other() {
    let name = "test-news";
    delete_database(name).await;
    let (one, other) = (tab(name), tab(name));
    one.save(document("a", "text", 0)).await.unwrap();
    one.delete(DocumentId("a".to_owned())).await.unwrap();
    let mut heard = Vec::new();
    for _ in 0..50 {
        TimerSleep.sleep(Duration::from_millis(20)).await;
        heard.extend(other.take_events());
        if heard.len() == 2 {
            break;
        }
    }
    let id = DocumentId("a".to_owned());
    assert_eq!(heard, [StoreEvent::ChangedElsewhere(id.clone()), StoreEvent::DeletedElsewhere(id)]);
    assert!(one.take_events().is_empty());
}

#[wasm_bindgen_test]
async fn a_later_version_is_read_and_never_written() {
    let name = "test-later";
    delete_database(name).await;
    tab(name).save(document("a", "text", 0)).await.unwrap();
    let later = idb::open(name, Some(99), |_, _, _| (), || ()).await.unwrap();
    later.database.close();
    let old = tab(name);
    assert_eq!(old.list().await.unwrap().documents, [document("a", "text", 1)]);
    assert_eq!(old.save(document("a", "changed", 1)).await, Err(StoreError::TooNew));
    assert!(matches!(&old.take_events()[..], [StoreEvent::Notice(text)] if text.contains("newer version")));
    assert_eq!(old.list().await.unwrap().documents, [document("a", "text", 1)]);
}

#[wasm_bindgen_test]
async fn an_upgrade_elsewhere_is_let_through() {
    let name = "test-upgrade";
    delete_database(name).await;
    let old = tab(name);
    old.save(document("a", "text", 0)).await.unwrap();
    let later = idb::open(name, Some(99), |_, _, _| (), || panic!("blocked")).await.unwrap();
    assert!(matches!(&old.take_events()[..], [StoreEvent::Notice(text)] if text.contains("updated")));
    assert_eq!(old.save(document("a", "changed", 1)).await, Err(StoreError::TooNew));
    later.database.close();
}

#[wasm_bindgen_test]
async fn without_indexed_db_documents_live_in_memory_and_it_is_said_once() {
    let descriptor = Object::new();
    Reflect::set(&descriptor, &"configurable".into(), &true.into()).unwrap();
    Reflect::set(&descriptor, &"value".into(), &JsValue::UNDEFINED).unwrap();
    let global: Object = js_sys::global();
    let usual: Object = Object::get_own_property_descriptor(&global, &"indexedDB".into()).into();
    Object::define_property(&global, &"indexedDB".into(), &descriptor);
    let one = tab("test-none");
    let listing = one.list().await;
    Object::define_property(&global, &"indexedDB".into(), &usual);
    assert!(!listing.unwrap().is_persistent);
    assert_eq!(one.save(document("a", "text", 0)).await, Ok(1));
    assert_eq!(one.list().await.unwrap().documents, [document("a", "text", 1)]);
    assert!(matches!(&one.take_events()[..], [StoreEvent::Notice(text)] if text.contains("only until")));
}

#[wasm_bindgen_test]
async fn patterns_are_kept_and_damaged_ones_are_missing() {
    let name = "test-patterns";
    delete_database(name).await;
    let key = PatternKey::new(b"domain", b"instance", b"metric");
    let pattern = Pattern::new(key, "warm".to_owned(), Vec::new(), 2.5, Guarantee::Optimal);
    IdbPatterns::new(Database::new(name)).keep(pattern.clone()).await.unwrap();
    let database = Database::new(name);
    let patterns = IdbPatterns::new(Rc::clone(&database));
    assert_eq!(patterns.read(key).await, Ok(Some(pattern)));
    let spoil = |transaction: &web_sys::IdbTransaction| {
        let value = Uint8Array::from(&b"PLSC"[..]).into();
        Ok(idb::store(transaction, "patterns")?.put_with_key(&value, &key.to_string().into())?)
    };
    database.transact(&["patterns"], Access::WriteRelaxed, spoil).await.unwrap();
    assert_eq!(patterns.read(key).await, Ok(None));
    assert_eq!(count(name, "patterns").await, 0);
}

#[wasm_bindgen_test]
async fn too_many_bytes_of_patterns_are_trimmed_a_few_at_a_time_the_least_recently_used_first() {
    let name = "test-trim";
    delete_database(name).await;
    let key = |number: usize| PatternKey::new(&number.to_le_bytes(), b"", b"");
    // Records of equal length, and last used in the reverse order of their numbers, lately.
    let now_ms = js_sys::Date::now().floor();
    let pattern = |number: usize| {
        let pattern = Pattern::new(key(number), "x".repeat(32 << 10), Vec::new(), 1.0, Guarantee::Plan);
        Pattern { created_ms: 1.0, last_used_ms: now_ms - number as f64, ..pattern }
    };
    let record = |number: usize| record::encode(Kind::Pattern, &pattern(number)).unwrap();
    let fitting = RECORD_BYTES_MAX as usize / record(0).len();
    let database = Database::new(name);
    let fill = |transaction: &web_sys::IdbTransaction| {
        let store = idb::store(transaction, "patterns")?;
        for number in 1..fitting + 50 {
            let value = Uint8Array::from(record(number).as_slice()).into();
            store.put_with_key(&value, &key(number).to_string().into())?;
        }
        Ok(())
    };
    database.transact(&["patterns"], Access::WriteRelaxed, fill).await.unwrap();
    // The next write of this browser is one after which the bounds are checked.
    let storage: web_sys::Storage =
        Reflect::get(&js_sys::global(), &"localStorage".into()).unwrap().dyn_into().unwrap();
    storage.set_item("planscope.pattern-writes", "63").unwrap();

    let patterns = IdbPatterns::new(Rc::clone(&database));
    let (turns, is_done) = (Cell::new(0_usize), Cell::new(false));
    let write = async {
        patterns.keep(pattern(0)).await.unwrap();
        is_done.set(true);
    };
    let live_on = async {
        let yielder = ChannelYield::new();
        while !is_done.get() {
            yielder.yield_now().await;
            turns.set(turns.get() + 1);
        }
    };
    futures::join!(write, live_on);
    assert_eq!(count(name, "patterns").await as usize, fitting);
    // The page had a turn after every few patterns that were read.
    assert!(turns.get() >= fitting / 16, "{}", turns.get());
    for (number, is_kept) in [(0, true), (fitting - 1, true), (fitting, false), (fitting + 49, false)] {
        assert_eq!(patterns.read(key(number)).await.unwrap().is_some(), is_kept, "{number}");
    }
}

#[wasm_bindgen_test]
async fn a_worse_plan_never_takes_the_place_of_a_better_one() {
    let name = "test-better";
    delete_database(name).await;
    let key = PatternKey::new(b"domain", b"instance", b"metric");
    let at = |cost| Pattern::new(key, "warm".to_owned(), Vec::new(), cost, Guarantee::Plan);
    let (one, other) = (IdbPatterns::new(Database::new(name)), IdbPatterns::new(Database::new(name)));
    assert_eq!(one.keep(at(5.0)).await, Ok(None));
    assert_eq!(other.keep(at(6.0)).await, Ok(Some(at(5.0))));
    assert_eq!(other.keep(at(4.0)).await, Ok(None));
    assert_eq!(one.read(key).await, Ok(Some(at(4.0))));
    let second = PatternKey::new(b"domain", b"another", b"metric");
    one.keep(Pattern { key: second, ..at(1.0) }).await.unwrap();
    let mut keys = [key, second];
    keys.sort();
    let listed = |patterns: Vec<Pattern>| patterns.iter().map(|pattern| pattern.key).collect::<Vec<_>>();
    assert_eq!(listed(one.list_after(None, 9).await.unwrap()), keys);
    assert_eq!(listed(one.list_after(None, 1).await.unwrap()), keys[..1]);
    assert_eq!(listed(one.list_after(Some(keys[0]), 9).await.unwrap()), keys[1..]);
    assert!(one.list_after(Some(keys[1]), 9).await.unwrap().is_empty());
}

#[wasm_bindgen_test]
async fn uses_are_collected_and_written_at_once_where_the_page_is_hidden() {
    let name = "test-uses";
    delete_database(name).await;
    let key = PatternKey::new(b"domain", b"instance", b"metric");
    let pattern = Pattern::new(key, "warm".to_owned(), Vec::new(), 2.5, Guarantee::Optimal);
    let patterns = IdbPatterns::new(Database::new(name));
    patterns.keep(pattern.clone()).await.unwrap();
    let noted_at = js_sys::Date::now();
    for at in 0..100 {
        patterns.note_use(key, Uses::one(Use::Held { saved_ms: 2.0 }, f64::from(at))).unwrap();
    }
    assert_eq!(patterns.read(key).await.unwrap().map(|pattern| pattern.uses), Some(0));
    let document = web_sys::window().unwrap().document().unwrap();
    let (hidden, state) = (Object::new(), JsValue::from("visibilityState"));
    Reflect::set(&hidden, &"configurable".into(), &true.into()).unwrap();
    Reflect::set(&hidden, &"value".into(), &"hidden".into()).unwrap();
    Object::define_property(document.as_ref(), &state, &hidden);
    document.dispatch_event(&web_sys::Event::new("visibilitychange").unwrap()).unwrap();
    Reflect::delete_property(document.as_ref(), &state).unwrap();
    let used = Pattern { uses: 100, successes: 100, saved_ms: 200.0, last_used_ms: 99.0, ..pattern };
    while patterns.read(key).await.unwrap().unwrap().uses == 0 {
        assert!(js_sys::Date::now() - noted_at < 4_000.0, "only the timer would write them");
    }
    assert_eq!(patterns.read(key).await, Ok(Some(used)));
}
