//! `waypost open FILE`: the wizard at a case that was made of a file.

use anyhow::Result;

use crate::app::{
    cli::{Common, Open},
    command::{handed_over, wizard},
    exit::Exit,
};

pub fn open(args: &Open, common: &Common) -> Result<Exit> {
    let case = handed_over::case(args, common)?;
    // What was given ahead is in the case by now.
    let common = Common {
        inputs: Vec::new(),
        ..common.clone()
    };
    wizard::resume(Some(&case), &common)
}
