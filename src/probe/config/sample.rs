//! A made-up configuration file, and how tests have it judged.

use std::{io::Read, sync::atomic::AtomicBool};

use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use crate::{
    finding::{Os, Unknown, Value},
    host::{Opened, Reply},
    probe::{Judged, Judging, Kind, Params, config::Config},
};

pub const CONFIG: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<parameters>\r\n\
    <!-- <parameter name=\"mid.proxy.host\" value=\"proxy.example\"/> -->\r\n\
    <parameter name=\"url\" value=\"https://grün.example/\"/>\r\n\
    <parameter name=\"mid.instance.pasword\" value=\"hunter&amp;2\"/>\r\n\
    <parameter name=\"own.thing\" value=\"1\"/>\r\n\
    <parameter name=\"name\" value=\"first\"/><parameter name=\"name\" value=\"second\"/>\r\n\
    </parameters>\r\n";

pub fn params(json: serde_json::Value) -> Params {
    match Value::from(json) {
        Value::Map(map) => map,
        _ => panic!("parameters are a map"),
    }
}

pub fn file(content: Result<Box<dyn Read + Send>, Unknown>) -> Vec<Result<Reply, Unknown>> {
    vec![Ok(Reply::Files(vec![Opened {
        path: "/mid/config.xml".into(),
        size_bytes: 0,
        modified: None,
        content,
    }]))]
}

pub fn run(params: &Params, replies: Vec<Result<Reply, Unknown>>) -> Judged {
    let stop = AtomicBool::new(false);
    let judging = Judging {
        now: Timestamp::UNIX_EPOCH,
        zone: Some(TimeZone::UTC),
        os: Os::Linux,
        stop: &stop,
    };
    Config.judge(params, replies, &judging)
}

pub fn xml() -> serde_json::Value {
    json!({
        "file": "/mid/config.xml", "format": "xml", "entry": "parameter", "key": "name", "value": "value",
        "known": ["url", "name", "mid.instance.username = glide.glidesoap.username", "mid.instance.password", "mid.proxy.host"],
        "secret": ["*password*"],
    })
}

#[track_caller]
pub fn judged(params: serde_json::Value, bytes: &[u8]) -> Judged {
    run(
        &self::params(params),
        file(Ok(Box::new(std::io::Cursor::new(bytes.to_vec())))),
    )
}
