//! What an instance's tables answer, and to whom: the Table API and its counts, played table by table.

use std::collections::BTreeMap;

/// User, password, and the header that they make.
pub type Login = (&'static str, &'static str, &'static str);

/// Somebody who may read the tables.
pub const ADMIN: Login = (
    "harbour.admin",
    "Lantern-Rope 88&",
    "Basic aGFyYm91ci5hZG1pbjpMYW50ZXJuLVJvcGUgODgm",
);
/// The MID Server's own user.
pub const MID_USER: Login = (
    "mid.harbour",
    "Tide+Anchor-31",
    "Basic bWlkLmhhcmJvdXI6VGlkZStBbmNob3ItMzE=",
);

/// What one table answers to somebody who is let in.
#[derive(Debug, Clone)]
pub enum Says {
    /// Status and a body that is JSON.
    Json(u16, String),
    /// Status and a page.
    Page(u16, String),
    /// A redirect, to a path of the instance or to elsewhere.
    Redirect(String),
}

impl Says {
    /// Rows as the Table API gives them.
    pub fn rows(rows: &str) -> Self {
        Self::Json(200, format!("{{\"result\":{rows}}}"))
    }
}

/// Tables by name, with the logins that are let in.
#[derive(Debug, Clone, Default)]
pub struct Tables {
    pub logins: Vec<Login>,
    pub says: BTreeMap<String, Says>,
}

impl Tables {
    /// What is answered to a request for this path (without its query); none where no table is meant.
    pub fn answer(&self, path: &str, authorization: Option<&str>) -> Option<Says> {
        let table = ["/api/now/table/", "/api/now/stats/"]
            .into_iter()
            .find_map(|start| path.strip_prefix(start))?;
        let let_in =
            authorization.is_some_and(|header| self.logins.iter().any(|login| login.2 == header));
        let said = self.says.get(table).cloned();
        Some(match said {
            // A page that stands in the way asks nobody who they are.
            Some(said @ (Says::Page(..) | Says::Redirect(_))) => said,
            _ if !let_in => Says::Json(
                401,
                r#"{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}"#
                    .to_owned(),
            ),
            said => said.unwrap_or_else(|| Says::rows("[]")),
        })
    }
}
