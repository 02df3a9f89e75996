//! Says what the ledger needs from a database besides statements: connections and transactions.

use super::sql::{Result, Sql};

/// A database that can hold the ledger.
pub trait Backend: Send + Sync + std::fmt::Debug {
    /// Opens a connection that writes.
    ///
    /// # Errors
    /// The error of the database.
    fn writer(&self) -> Result<Box<dyn Session>>;

    /// Opens a connection that reads.
    ///
    /// # Errors
    /// The error of the database.
    fn reader(&self) -> Result<Box<dyn Session>>;

    /// Checks that the database is still at the place where it was opened.
    ///
    /// # Errors
    /// [`LedgerError::Moved`](super::sql::LedgerError::Moved) once it is not.
    fn check_place(&self) -> Result<()>;

    /// The number of connections that write at a time.
    fn writers(&self) -> usize;

    /// The most writes that share one commit.
    fn batch_max(&self) -> usize;

    /// The bytes that the database can still grow by, where it lies on this machine.
    fn free_bytes(&self) -> Option<u64>;
}

/// A connection.
pub trait Session: Sql + Send {
    /// Begins a transaction that writes.
    ///
    /// # Errors
    /// The error of the database, such as another program that writes too long.
    fn begin_write(&mut self) -> Result<()>;

    /// Begins a transaction that reads one consistent state.
    ///
    /// # Errors
    /// The error of the database.
    fn begin_read(&mut self) -> Result<()>;

    /// Ends the transaction. Everything is on the disk once this returns.
    ///
    /// # Errors
    /// The error of the database; the transaction is then undone.
    fn commit(&mut self) -> Result<()>;

    /// Undoes the transaction.
    fn rollback(&mut self);

    /// Tells whether a transaction is under way: some errors roll it back by themselves.
    fn is_in_transaction(&self) -> bool;

    /// Tells whether the connection can be used again.
    fn is_usable(&self) -> bool;
}
