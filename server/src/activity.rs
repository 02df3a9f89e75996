//! Knows what each connection is doing, so that one that may be cut can give way to a new one.
//!
//! A request with credentials must be answered once its body is read. Before that nothing was done, and a client that sends its body slowly, or
//! never, has no right to a place. A request without credentials changes nothing, so it never has one.

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Instant,
};
use tokio::sync::Notify;

/// The step of a connection's latest request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// No request was begun, or its head is on its way.
    Waiting,
    /// The request's body is on its way.
    Reading,
    /// The request is being answered.
    Working,
    /// The request's answer is on its way.
    Answering,
}

/// The order in which connections are cut: the first one of these goes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CutOrder {
    /// A request without credentials, or none at all.
    Stranger,
    /// A client with credentials whose last request is answered.
    Idle,
    /// An answer that its client takes slowly.
    Answer,
    /// A body that comes with credentials.
    Body,
}

#[derive(Debug)]
struct State {
    step: Step,
    /// The moment at which the step began.
    since: Instant,
    /// True where the latest request came with credentials.
    is_known: bool,
}

/// The activity of a connection.
#[derive(Debug)]
pub struct Activity {
    state: Mutex<State>,
    /// Told when the connection has to go.
    pub leave: Notify,
}

impl Default for Activity {
    fn default() -> Self {
        let state = State { step: Step::Waiting, since: Instant::now(), is_known: false };
        Self { state: Mutex::new(state), leave: Notify::new() }
    }
}

impl Activity {
    /// True while a request is being worked on.
    pub fn is_busy(&self) -> bool {
        self.state().step == Step::Working
    }

    /// The place of the connection in the order of cutting, with the moment at which its step began; `None` while a request must be answered.
    pub fn cut_order(&self) -> Option<(CutOrder, Instant)> {
        let state = self.state();
        let order = match (state.step, state.is_known) {
            (Step::Answering, _) => CutOrder::Answer,
            (_, false) => CutOrder::Stranger,
            (Step::Waiting, true) => CutOrder::Idle,
            (Step::Reading, true) => CutOrder::Body,
            (Step::Working, true) => return None,
        };
        Some((order, state.since))
    }

    /// A request was begun; its credentials are not known yet.
    pub fn begin(&self) {
        self.state().is_known = false;
        self.enter(Step::Working);
    }

    /// The request came with credentials.
    pub fn mark_known(&self) {
        self.state().is_known = true;
    }

    /// While the guard lives, the request's body is being read.
    pub fn reading(self: &Arc<Self>) -> ReadingGuard {
        self.enter(Step::Reading);
        ReadingGuard(Arc::clone(self))
    }

    /// The body of the request's answer: the request ends with it.
    pub fn answering(self: &Arc<Self>, inner: Body) -> Body {
        self.enter(Step::Answering);
        Body::new(AnswerBody { inner, activity: Arc::clone(self) })
    }

    fn enter(&self, step: Step) {
        let mut state = self.state();
        (state.step, state.since) = (step, Instant::now());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request whose body is on its way.
pub struct ReadingGuard(Arc<Activity>);

impl Drop for ReadingGuard {
    fn drop(&mut self) {
        self.0.enter(Step::Working);
    }
}

/// An answer on its way.
struct AnswerBody {
    inner: Body,
    activity: Arc<Activity>,
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        // A body that is dropped late ends no request but its own.
        if self.activity.state().step == Step::Answering {
            self.activity.enter(Step::Waiting);
        }
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connection_whose_known_request_is_worked_on_is_not_cut() {
        let activity = Arc::new(Activity::default());
        let order = || activity.cut_order().map(|(order, _)| order);
        assert_eq!(order(), Some(CutOrder::Stranger));
        activity.begin();
        assert_eq!(order(), Some(CutOrder::Stranger));
        activity.mark_known();
        assert_eq!(order(), None);
        let reading = activity.reading();
        assert_eq!(order(), Some(CutOrder::Body));
        drop(reading);
        assert_eq!(order(), None);
        let answer = activity.answering(Body::from("answer"));
        assert_eq!(order(), Some(CutOrder::Answer));
        drop(answer);
        assert_eq!(order(), Some(CutOrder::Idle));
        activity.begin();
        assert_eq!(order(), Some(CutOrder::Stranger), "a proxy may send another client's request over the same connection");
        let late = activity.answering(Body::from("answer"));
        activity.begin();
        activity.mark_known();
        drop(late);
        assert_eq!(order(), None, "the end of an earlier answer ends no later request");
    }

    #[test]
    fn connection_with_a_known_body_is_cut_last() {
        let all = [CutOrder::Stranger, CutOrder::Idle, CutOrder::Answer, CutOrder::Body];
        assert!(all.is_sorted());
    }
}
