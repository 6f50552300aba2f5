//! How much the paths of a recording may take.

use super::*;

/// Each path brings the folders above it along.
#[test]
fn paths_are_bounded_with_their_folders() {
    let deep = format!("os: linux\npartial: ['{}']", "/a".repeat(1 << 20));
    let many: String = (0..2000)
        .map(|number| format!("  - /{number}{}\n", "/aaaaaaaaaaaaaaa".repeat(100)))
        .collect();
    for yaml in [deep, format!("os: linux\npartial:\n{many}")] {
        let error = Recorded::new(&yaml, NoFiles).err().expect("it is too much");
        assert_eq!(
            error.to_string(),
            "host.yaml: the paths take more than 64 MiB with the folders above them, the bound"
        );
    }
}
