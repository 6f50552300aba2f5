//! Everything impure: command line, catalogue, runtime, terminal.
