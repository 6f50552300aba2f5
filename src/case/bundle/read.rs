//! Reads a bundle as a stream, once. Keeps what fits the rules, and refuses the whole at the first thing that does not.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead, BufReader, Read},
    rc::Rc,
    sync::Arc,
};

use flate2::bufread::GzDecoder;
use tar::EntryType;

use super::{
    ABOUT, About, Bundle, BundleError, Carried, EntryFault, FILES, FINDINGS, HOST, Last, MAX_ABOUT,
    MAX_CARRIED, MAX_ENTRIES, MAX_FILE, MAX_HOST, MAX_NAME, MAX_PACKED, MAX_PLACES, MAX_UNPACKED,
    begins, carried, name,
};
use crate::finding::{Os, visible::brief};

/// What fills the archive's last record up is not longer, in bytes.
const MAX_PADDING: usize = 64 << 10;
/// Room for a content is made at once up to here, whatever an entry claims, in bytes.
const ROOM: u64 = 1 << 20;

impl Bundle {
    /// Reads a bundle.
    ///
    /// # Errors
    /// The first rule or bound that it breaks, and where.
    pub fn read(from: impl Read) -> Result<Self, BundleError> {
        Self::read_with(from, Files::Kept)
    }

    /// Reads a bundle, and keeps nothing of its files: what breaks a rule or a bound takes no room before it is refused.
    ///
    /// # Errors
    /// Those of [`Bundle::read`].
    pub fn check(from: impl Read) -> Result<(), BundleError> {
        Self::read_with(from, Files::PassedOver).map(drop)
    }

    fn read_with(from: impl Read, files: Files) -> Result<Self, BundleError> {
        let stop = Stop::default();
        let mut packed = BufReader::new(Bounded::new(from, MAX_PACKED, Why::Packed, &stop));
        let start = packed.fill_buf().map_err(|_| stop.told(None))?;
        if !begins(start) {
            return Err(BundleError::NotPacked);
        }
        let unpacked = Bounded::new(GzDecoder::new(packed), MAX_UNPACKED, Why::Unpacked, &stop);
        let mut archive = tar::Archive::new(unpacked);
        let (bundle, last) = entries(&mut archive, files, &stop)?;
        let mut unpacked = archive.into_inner();
        padding(&mut unpacked).map_err(|_| stop.told(last.as_ref()))??;
        let mut packed = unpacked.inner.into_inner();
        match packed.fill_buf() {
            Ok([]) => Ok(bundle),
            Ok(_) => Err(BundleError::Follows),
            Err(_) => Err(stop.told(last.as_ref())),
        }
    }
}

/// What becomes of the files' content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Files {
    Kept,
    PassedOver,
}

/// What is read before all of it is there.
#[derive(Default)]
struct Reading {
    about: Option<About>,
    host_yaml: Option<String>,
    carried: Option<Vec<Carried>>,
    files: BTreeMap<String, Arc<[u8]>>,
    taken: Option<Taken>,
    long_name: Option<Vec<u8>>,
    /// Read whole.
    last: Option<Last>,
}

fn entries<R: Read>(
    archive: &mut tar::Archive<R>,
    files: Files,
    stop: &Stop,
) -> Result<(Bundle, Option<Last>), BundleError> {
    let mut reading = Reading::default();
    let entries = archive.entries().map_err(|_| stop.told(None))?;
    // Raw: a long name is read here, within its bound.
    for (index, entry) in entries.raw(true).enumerate() {
        if index == MAX_ENTRIES {
            return Err(BundleError::TooMany);
        }
        let mut entry = entry.map_err(|_| stop.told(reading.last.as_ref()))?;
        let own = entry.path_bytes().into_owned();
        let name = reading.long_name.as_deref().unwrap_or(&own);
        let shown = brief(&String::from_utf8_lossy(name));
        let fault = |why: EntryFault| BundleError::Entry {
            number: index + 1,
            name: shown.clone(),
            why,
        };
        let bound = reading
            .bound(entry.header().entry_type(), name)
            .map_err(fault)?;
        if entry.size() > bound {
            return Err(fault(EntryFault::TooLong { bound }));
        }
        let size = entry.size();
        let mut content = Vec::new();
        let read = match files {
            Files::PassedOver if reading.is_at_files() && !is_name(&entry) => {
                io::copy(&mut entry, &mut io::sink())
            }
            _ => {
                content.reserve_exact(usize::try_from(size.min(ROOM)).unwrap_or(0));
                entry.read_to_end(&mut content).map(|read| read as u64)
            }
        };
        if !read.is_ok_and(|read| read == size) {
            return Err(stop.told(reading.last.as_ref()));
        }
        reading.last = Some(Last {
            number: index + 1,
            name: shown.clone(),
        });
        if is_name(&entry) {
            while content.last() == Some(&0) {
                content.pop();
            }
            reading.long_name = Some(content);
            continue;
        }
        let name = reading.long_name.take().unwrap_or(own);
        reading
            .take(&name, content)
            .map_err(|refused| match refused {
                Refused::Entry(why) => fault(why),
                Refused::Bundle(error) => error,
            })?;
    }
    if reading.long_name.is_some() {
        return Err(BundleError::NameAlone);
    }
    if reading.host_yaml.is_some() && !reading.is_at_files() {
        return Err(BundleError::Lacks(FINDINGS));
    }
    let bundle = Bundle {
        carried: reading.carried,
        about: reading.about.ok_or(BundleError::Lacks(ABOUT))?,
        host_yaml: reading.host_yaml.ok_or(BundleError::Lacks(HOST))?,
        files: reading.files,
    };
    Ok((bundle, reading.last))
}

/// Whether an entry's content is the name of the next one.
fn is_name<R: Read>(entry: &tar::Entry<'_, R>) -> bool {
    entry.header().entry_type() == EntryType::GNULongName
}

enum Refused {
    Entry(EntryFault),
    Bundle(BundleError),
}

impl From<EntryFault> for Refused {
    fn from(fault: EntryFault) -> Self {
        Self::Entry(fault)
    }
}

impl Reading {
    /// Nothing but the recording's files is to come.
    fn is_at_files(&self) -> bool {
        let carries = |about: &About| about.format >= About::WITH_FINDINGS;
        let told = self.carried.is_some() || !self.about.as_ref().is_some_and(carries);
        self.host_yaml.is_some() && told
    }

    /// How long an entry of this kind and name may be, if it may be there at all. Nothing of it is read before.
    fn bound(&self, kind: EntryType, name: &[u8]) -> Result<u64, EntryFault> {
        match kind {
            EntryType::Regular => {}
            EntryType::GNULongName if self.long_name.is_some() => return Err(EntryFault::TwoNames),
            // With the zero behind it.
            EntryType::GNULongName => return Ok(MAX_NAME as u64 + 1),
            other => return Err(EntryFault::NotRegular(kind_name(other))),
        }
        let name = name::check(name)?;
        if self.about.is_none() {
            return match name == ABOUT {
                true => Ok(MAX_ABOUT),
                false => Err(EntryFault::Place(ABOUT)),
            };
        }
        if self.host_yaml.is_none() {
            return match name == HOST {
                true => Ok(MAX_HOST),
                false => Err(EntryFault::Place(HOST)),
            };
        }
        if !self.is_at_files() {
            return match name == FINDINGS {
                true => Ok(MAX_CARRIED),
                false => Err(EntryFault::Place(FINDINGS)),
            };
        }
        match name {
            ABOUT | HOST => Err(EntryFault::Twice),
            FINDINGS if self.carried.is_some() => Err(EntryFault::Twice),
            name if name.starts_with(FILES) => Ok(MAX_FILE),
            _ => Err(EntryFault::Elsewhere),
        }
    }

    fn take(&mut self, name: &[u8], content: Vec<u8>) -> Result<(), Refused> {
        let name = name::check(name).map_err(EntryFault::Name)?;
        let Some(about) = &self.about else {
            let about = About::read(&content).map_err(Refused::Bundle)?;
            self.about = Some(about);
            return Ok(());
        };
        let os = about.os;
        if self.host_yaml.is_none() {
            let text = String::from_utf8(content).map_err(|_| EntryFault::NotText)?;
            self.host_yaml = Some(text);
            return Ok(());
        }
        if !self.is_at_files() {
            self.carried = Some(carried::read(&content).map_err(Refused::Bundle)?);
            return Ok(());
        }
        let inside = name.strip_prefix(FILES).ok_or(EntryFault::Elsewhere)?;
        let place = name::place(inside).map_err(EntryFault::Name)?;
        let taken = self.taken.get_or_insert_with(|| Taken::new(os));
        taken.take(&place)?;
        self.files.insert(place, content.into());
        Ok(())
    }
}

/// Which places are taken.
pub(super) struct Taken {
    os: Os,
    /// As the machine compares them.
    places: BTreeSet<String>,
    /// Their length together, in bytes.
    length: usize,
}

impl Taken {
    pub fn new(os: Os) -> Self {
        Self {
            os,
            places: BTreeSet::new(),
            length: 0,
        }
    }

    pub fn take(&mut self, place: &str) -> Result<(), EntryFault> {
        let place = match self.os {
            Os::Linux => place.to_owned(),
            Os::Windows | Os::Macos => place.to_lowercase(),
        };
        if self.length + place.len() > MAX_PLACES {
            return Err(EntryFault::Places);
        }
        if self.places.contains(&place) {
            return Err(EntryFault::Twice);
        }
        let mut folders = place.match_indices('/').map(|(end, _)| &place[..end]);
        let below = format!("{place}/");
        let next = self.places.range(below.clone()..).next();
        if folders.any(|folder| self.places.contains(folder))
            || next.is_some_and(|next| next.starts_with(&below))
        {
            return Err(EntryFault::FileAndFolder);
        }
        self.length += place.len();
        self.places.insert(place);
        Ok(())
    }
}

/// For a reader.
fn kind_name(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Link => "a hard link",
        EntryType::Symlink => "a link",
        EntryType::Char | EntryType::Block => "a device",
        EntryType::Directory => "a folder",
        EntryType::Fifo => "a named pipe",
        EntryType::GNUSparse => "a sparse file",
        EntryType::GNULongLink => "the target of a link",
        EntryType::XGlobalHeader | EntryType::XHeader => "an extended head",
        _ => "of a kind that is not known",
    }
}

/// Reads up to the end, so that the sum over all of it is compared. What follows the archive is empty.
fn padding(rest: &mut impl Read) -> io::Result<Result<(), BundleError>> {
    let mut buffer = vec![0; MAX_PADDING + 1];
    let mut filled = 0;
    loop {
        match rest.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
        if filled > MAX_PADDING {
            return Ok(Err(BundleError::Follows));
        }
    }
    Ok(match buffer[..filled].iter().all(|byte| *byte == 0) {
        true => Ok(()),
        false => Err(BundleError::Follows),
    })
}

/// Why reading cannot go on, beneath what the archive makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Packed,
    Unpacked,
}

#[derive(Clone, Default)]
struct Stop(Rc<RefCell<Option<BundleError>>>);

impl Stop {
    /// What an error is: the bound that was met, or a damaged archive. The words of those who unpack it help nobody, and quote
    /// what they could not read.
    fn told(&self, last: Option<&Last>) -> BundleError {
        let met = self.0.take();
        met.unwrap_or_else(|| match last {
            Some(last) => BundleError::Damaged(last.clone()),
            None => BundleError::NoArchive,
        })
    }
}

/// Gives so many bytes and no more.
struct Bounded<R> {
    inner: R,
    left: u64,
    why: Why,
    stop: Stop,
}

impl<R> Bounded<R> {
    fn new(inner: R, most: u64, why: Why, stop: &Stop) -> Self {
        Self {
            inner,
            left: most,
            why,
            stop: stop.clone(),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // One byte more tells that there is more.
        let most = usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX);
        let most = most.min(buffer.len());
        let read = self.inner.read(&mut buffer[..most]);
        let stopped = match (&read, self.why) {
            (Ok(count), why) => match (self.left.checked_sub(*count as u64), why) {
                (Some(left), _) => {
                    self.left = left;
                    return read;
                }
                (None, Why::Packed) => BundleError::TooLong,
                (None, Why::Unpacked) => BundleError::Unpacked,
            },
            (Err(error), _) if error.kind() == io::ErrorKind::Interrupted => return read,
            (Err(error), Why::Packed) => {
                BundleError::Io(io::Error::new(error.kind(), error.to_string()))
            }
            // It is no archive of this kind.
            (Err(_), Why::Unpacked) => return read,
        };
        self.stop.0.replace(Some(stopped));
        Err(io::Error::other("a bound was met"))
    }
}
