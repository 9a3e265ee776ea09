// Numbers the lines of files.
use std::env;
use std::fs::File;
use std::io::{BufRead, BufReader, Result};

fn main() -> Result<()> {
    let mut n = 0;
    for name in env::args().skip(1) {
        for line in BufReader::new(File::open(name)?).lines() {
            n += 1;
            println!("{n:6} {}", line?);
        }
    }
    Ok(())
}
