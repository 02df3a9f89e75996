//! The form as it is drawn and operated. [`screen`] says what it is drawn from and what a person can do; every other component takes
//! values from there and reports one [`screen::Act`].

pub mod screen;
pub mod sheet;
