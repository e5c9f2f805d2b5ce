//! Standard input that is followed: what is there now, and whether there may be more.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// What is read from the pipe at once.
const BLOCK: usize = 1 << 16;

/// A pipe whose reading ends whenever nothing comes for a while. It is read by a thread of its own, since a pipe that is
/// empty makes its reader wait.
pub(super) struct Followed {
    heard: Receiver<Vec<u8>>,
    block: Vec<u8>,
    at: usize,
    patience: Duration,
    ended: Rc<Cell<bool>>,
}

/// Begins to read standard input; the cell tells once it is at its end.
pub(super) fn standard_input(patience: Duration) -> (Followed, Rc<Cell<bool>>) {
    let (tell, heard) = channel();
    thread::spawn(move || {
        let mut input = io::stdin().lock();
        let mut block = vec![0; BLOCK];
        // An error ends it too: what was read until then is told.
        while let Ok(length) = input.read(&mut block) {
            let read = block.get(..length).unwrap_or_default();
            if read.is_empty() || tell.send(read.to_vec()).is_err() {
                break;
            }
        }
    });
    let ended = Rc::new(Cell::new(false));
    (Followed { heard, block: Vec::new(), at: 0, patience, ended: Rc::clone(&ended) }, ended)
}

impl Read for Followed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.block.len() {
            match self.heard.recv_timeout(self.patience) {
                Ok(block) => (self.block, self.at) = (block, 0),
                Err(RecvTimeoutError::Timeout) => return Ok(0),
                Err(RecvTimeoutError::Disconnected) => {
                    self.ended.set(true);
                    return Ok(0);
                }
            }
        }
        let mut rest = self.block.get(self.at..).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.at += length;
        Ok(length)
    }
}
