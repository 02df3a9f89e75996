//! Lists mistakes that a form or a server of this kind can make, which the simulator must notice. Each is injected between the product's
//! code and the simulated world, never into the product.

/// One mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// Sending again uses a new key.
    NewKeyOnRetry,
    /// "The connection failed, so there is no payment."
    NetworkErrorIsRefusal,
    /// The fields are open while the outcome is unknown, and Pay sends a new attempt.
    EditWhileUnknown,
    /// "500, so there is no payment."
    ServerErrorIsRefusal,
    /// Every click on Pay is an attempt of its own.
    NoClickGuard,
    /// "It was a 200 that made no sense, so there is no payment."
    UnreadableSuccessIsRefusal,
    /// "403 or 429, so there is no payment", and the key is dropped.
    HeldIsRefusal,
    /// The attempt is not stored.
    NotStored,
    /// "The look-up finds nothing, so there is no payment."
    MissIsProof,
    /// Every tab believes to have the lock.
    NoLock,
    /// An attempt that is given up still sends its waiting request.
    GivenUpStillLeaves,
    /// An echo of one endpoint counts for another.
    EchoBelievedElsewhere,
    /// An attempt is cancelled at the server that the host names now, not at its own.
    CancelledElsewhere,
    /// A review goes on although the host has gone on to another payment.
    ReviewOutlivesItsConfiguration,
    /// The fingerprint contains the invoices, so a payment that closed an invoice is not recognised.
    FingerprintHoldsInvoices,
    /// A payment is sent on balances that were read long ago.
    BalancesOfAnyAge,
    /// Balances that changed since the press are not told, and the payment leaves.
    ChangeNotTold,
    /// A newer list takes the place of the one that an unresolved attempt was sent on.
    BalancesMoveUnderAttempt,
    /// The server keeps records under their key, but not refusals.
    ServerForgetsRefusals,
    /// The host vouches for a server that does not look at keys.
    ServerIgnoresKeys,
    /// The canary: a server that writes every payment twice.
    ServerPaysTwice,
}

impl Bug {
    /// All mistakes, in the order of docs/promise.md's table.
    pub const ALL: [Self; 20] = [
        Self::NewKeyOnRetry,
        Self::NetworkErrorIsRefusal,
        Self::EditWhileUnknown,
        Self::ServerErrorIsRefusal,
        Self::NoClickGuard,
        Self::UnreadableSuccessIsRefusal,
        Self::HeldIsRefusal,
        Self::NotStored,
        Self::MissIsProof,
        Self::NoLock,
        Self::GivenUpStillLeaves,
        Self::EchoBelievedElsewhere,
        Self::CancelledElsewhere,
        Self::ReviewOutlivesItsConfiguration,
        Self::FingerprintHoldsInvoices,
        Self::BalancesOfAnyAge,
        Self::ChangeNotTold,
        Self::BalancesMoveUnderAttempt,
        Self::ServerForgetsRefusals,
        Self::ServerIgnoresKeys,
    ];
}
