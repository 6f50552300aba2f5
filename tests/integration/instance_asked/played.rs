//! An instance inside this process: no socket. It answers the looks of a session at once, and remembers who logged in.

use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use jiff::Timestamp;
use waypost::{
    engine::{Given, Opening},
    finding::{InputName, Os, Reason, TreeId, Unknown},
    host::{BoxFuture, Host, HttpReply, HttpRequest, Limits, Look, Reply as HostReply},
    tree::{AnswerId, Forest, NodeId},
};

use super::{asked::NAME, replies::Reply};
use crate::{
    hosts::{case::WANTED, recorded},
    support::{ADMIN, Login, MID_USER, Says, Tables},
};

const INSTANCE: &str = "https://harbour.service-now.com";

struct Played {
    now: Timestamp,
    tables: Tables,
    info: Says,
    /// What the MID Server's user was given as a password.
    own: String,
    sent: Mutex<Vec<String>>,
}

/// The result of a diagnosis over a reply, and the logins that were sent: user and address.
pub fn diagnose(forest: &Arc<Forest>, reply: &Reply) -> (serde_json::Value, Vec<String>) {
    let now = Timestamp::now();
    let host = Played {
        now,
        tables: Tables {
            logins: vec![ADMIN, MID_USER],
            says: reply
                .says
                .iter()
                .map(|(table, says)| ((*table).to_owned(), says.clone()))
                .collect(),
        },
        info: reply.info.clone().unwrap_or_else(|| {
            Says::Page(
                200,
                format!("<a><mid_buildstamp>{WANTED}</mid_buildstamp></a>"),
            )
        }),
        own: reply.own.unwrap_or_default().to_owned(),
        sent: Mutex::new(Vec::new()),
    };
    let mut opening = Opening::new(TreeId::new(reply.tree()), Os::Linux, now);
    let mut give = |name: &str, given: Given| opening.inputs.insert(InputName::new(name), given);
    let text = |text: &str| Given::Text(text.to_owned());
    give("instance_url", text(INSTANCE));
    give("mid_name", text(NAME));
    give("mid_user", text(MID_USER.0));
    give("proxy_address", text(reply.proxy));
    give("proxy_user", text(""));
    if reply.admin {
        give("admin_user", text(ADMIN.0));
        give("admin_password", Given::Secret);
    }
    if reply.own.is_some() {
        give("mid_password", Given::Secret);
    }
    opening.answers = reply
        .given
        .iter()
        .map(|given| {
            let (node, answer) = given.split_once('=').expect("an answer has `=`");
            waypost::engine::GivenAnswer {
                tree: None,
                node: NodeId::new(node),
                answer: AnswerId::new(answer),
            }
        })
        .collect();
    let result = recorded::follow(forest, opening, &host);
    let sent = host.sent.into_inner().expect("no thread panicked");
    (result, sent)
}

impl Played {
    fn answer(&self, request: &HttpRequest) -> HttpReply {
        let url = request.url.as_str();
        let (path, _) = url.split_once('?').unwrap_or((url, ""));
        let path = path.trim_start_matches(&format!("{INSTANCE}:443"));
        let path = path.trim_start_matches(INSTANCE);
        let login = request.login.as_ref().map(|login| login.user.as_str());
        if let Some(user) = login {
            let mut sent = self.sent.lock().expect("no thread panicked");
            sent.push(format!("{user} {url}"));
        }
        let known = |known: &&Login| {
            Some(known.0) == login && (known.0 != MID_USER.0 || known.1 == self.own)
        };
        let header = self.tables.logins.iter().find(known).map(|login| login.2);
        let says = match path {
            "/InstanceInfo.do" => self.info.clone(),
            path => (self.tables.answer(path, header))
                .unwrap_or_else(|| Says::Page(404, "no such page".to_owned())),
        };
        let (status, kind, body, redirected_to) = match says {
            Says::Json(status, body) => (status, "application/json", body, None),
            Says::Page(status, body) => (status, "text/html", body, None),
            Says::Redirect(to) => {
                let to = match to.strip_prefix('/') {
                    Some(path) => format!("{INSTANCE}/{path}"),
                    None => to,
                };
                (302, "text/html", String::new(), Some(to))
            }
        };
        HttpReply::Answered {
            status,
            headers: IndexMap::from([("content-type".to_owned(), kind.to_owned())]),
            body,
            cut: false,
            moment: None,
            took_ms: Some(1),
            redirected_to,
        }
    }
}

impl Host for Played {
    fn os(&self) -> Os {
        Os::Linux
    }

    fn now(&self) -> Option<Timestamp> {
        Some(self.now)
    }

    fn look<'a>(
        &'a self,
        look: &'a Look,
        _limits: Limits,
    ) -> BoxFuture<'a, Result<HostReply, Unknown>> {
        let reply = match look {
            Look::Http(request) => Ok(HostReply::Http(self.answer(request))),
            _ => Err(Unknown::new(Reason::NotAvailable, "it is not played")),
        };
        Box::pin(std::future::ready(reply))
    }
}
