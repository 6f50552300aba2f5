//! A bundle's bytes. What would be refused when it is opened is not written.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use flate2::{Compression, write::GzEncoder};

use super::{
    ABOUT, About, Bundle, FILES, FINDINGS, HOST, LeftOut, MAX_ABOUT, MAX_ENTRIES, MAX_FILE,
    MAX_HOST, MAX_NAME, MAX_UNPACKED, carried, name, read::Taken,
};

/// What an archive has beside the content of a file: its head, a long name, what fills a block up.
const BESIDE: u64 = 2048 + MAX_NAME as u64;

impl Bundle {
    /// Takes files in as far as they may be in a bundle, and gives the others with the reason.
    pub(super) fn take(&mut self, files: BTreeMap<String, Vec<u8>>) -> Vec<LeftOut> {
        let mut left_out = Vec::new();
        let mut taken = Taken::new(self.about.os);
        let mut room = MAX_UNPACKED - MAX_HOST - MAX_ABOUT - 4 * BESIDE;
        for (place, content) in files {
            let size = content.len() as u64 + BESIDE;
            let why = if content.len() as u64 > MAX_FILE {
                Some(format!("it is longer than {} MiB", MAX_FILE >> 20))
            } else if let Err(fault) = name::name(&place) {
                Some(fault.to_string())
            } else if self.files.len() + 4 > MAX_ENTRIES / 2 {
                Some("there are too many files".to_owned())
            } else if size > room {
                Some("there is no room left for it".to_owned())
            } else {
                taken.take(&place).err().map(|fault| fault.to_string())
            };
            match why {
                Some(why) => left_out.push(LeftOut { place, why }),
                None => {
                    room -= size;
                    self.files.insert(place, content.into());
                }
            }
        }
        left_out
    }

    /// Writes the bundle.
    ///
    /// # Errors
    /// Those of `to`.
    pub fn write<W: Write>(&self, to: W) -> io::Result<W> {
        let mut archive = tar::Builder::new(GzEncoder::new(to, Compression::default()));
        add(&mut archive, ABOUT, &self.about.bytes())?;
        add(&mut archive, HOST, self.host_yaml.as_bytes())?;
        if self.about.format >= About::WITH_FINDINGS {
            let findings = self.carried.as_deref().unwrap_or_default();
            add(&mut archive, FINDINGS, &carried::bytes(findings))?;
        }
        for (place, content) in &self.files {
            let name = name::name(place).map_err(io::Error::other)?;
            add(&mut archive, &format!("{FILES}{name}"), content)?;
        }
        archive.into_inner()?.finish()
    }
}

fn add(archive: &mut tar::Builder<impl Write>, name: &str, content: &[u8]) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_entry_type(tar::EntryType::Regular);
    header.set_mode(0o644);
    header.set_size(content.len() as u64);
    // Whose it was and when it was written is no part of it.
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    archive.append_data(&mut header, name, content)
}
