//! The wizard on a full screen.

use anyhow::Result;

use crate::app::{command::wizard::Setting, exit::Exit};

pub async fn walk(setting: Setting) -> Result<Exit> {
    super::plain_start::walk(setting).await
}
