//! Yew's hooks for state and memory over one type: Yew compiles its own anew for every type, a kilobyte at a time.

use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::rc::Rc;
use yew::prelude::{Callback, UseStateHandle, UseStateSetter, hook, use_mut_ref};

/// A value of any type, and when another is the same.
#[derive(Clone)]
struct Kept {
    value: Rc<dyn Any>,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
}

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        (self.is_same)(&*self.value, &*other.value)
    }
}

impl Kept {
    fn new<T: 'static>(value: T, is_same: fn(&dyn Any, &dyn Any) -> bool) -> Self {
        Self { value: Rc::new(value), is_same }
    }
}

fn never(_: &dyn Any, _: &dyn Any) -> bool {
    false
}

fn equal<T: PartialEq + 'static>(one: &dyn Any, other: &dyn Any) -> bool {
    one.downcast_ref::<T>() == other.downcast_ref::<T>()
}

/// A state as this rendering sees it.
pub struct State<T> {
    value: Rc<T>,
    setter: Setter<T>,
}

/// Sets a state.
pub struct Setter<T> {
    inner: UseStateSetter<Kept>,
    is_same: fn(&dyn Any, &dyn Any) -> bool,
    of: PhantomData<T>,
}

impl<T: 'static> State<T> {
    #[expect(clippy::expect_used, reason = "a state never changes its type")]
    fn new(handle: &UseStateHandle<Kept>) -> Self {
        let value = Rc::clone(&handle.value).downcast().expect("a state of this type");
        Self { value, setter: Setter { inner: handle.setter(), is_same: handle.is_same, of: PhantomData } }
    }

    /// Puts another value in the place of this one, which renders anew.
    pub fn set(&self, value: T) {
        self.setter.set(value);
    }

    pub fn setter(&self) -> Setter<T> {
        self.setter.clone()
    }
}

impl<T: 'static> Setter<T> {
    pub fn set(&self, value: T) {
        self.inner.set(Kept::new(value, self.is_same));
    }
}

impl<T> Deref for State<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Clone for State<T> {
    fn clone(&self) -> Self {
        Self { value: Rc::clone(&self.value), setter: self.setter.clone() }
    }
}

impl<T> Clone for Setter<T> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), is_same: self.is_same, of: PhantomData }
    }
}

impl<T> std::fmt::Debug for State<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("State")
    }
}

impl<T> std::fmt::Debug for Setter<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setter")
    }
}

#[hook]
fn use_kept(first: Box<dyn FnOnce() -> Kept>) -> UseStateHandle<Kept> {
    yew::functional::use_state_eq(first)
}

/// A state; setting it always renders anew.
#[hook]
pub fn use_state<T: 'static, F: FnOnce() -> T + 'static>(first: F) -> State<T> {
    State::new(&use_kept(Box::new(move || Kept::new(first(), never))))
}

/// A state; setting it to what it is does nothing.
#[hook]
pub fn use_state_eq<T: PartialEq + 'static, F: FnOnce() -> T + 'static>(first: F) -> State<T> {
    State::new(&use_kept(Box::new(move || Kept::new(first(), equal::<T>))))
}

/// A value that is made anew when what it is made of changes.
#[hook]
pub fn use_memo<T: 'static, D: PartialEq + 'static, F: FnOnce(&D) -> T>(of: D, make: F) -> Rc<T> {
    let slot = use_mut_ref(|| None::<Rc<dyn Any>>);
    let mut slot = slot.borrow_mut();
    let kept = slot.as_ref().and_then(|kept| kept.downcast_ref::<(D, Rc<T>)>());
    if let Some((_, value)) = kept.filter(|(before, _)| *before == of) {
        return Rc::clone(value);
    }
    let value = Rc::new(make(&of));
    *slot = Some(Rc::new((of, Rc::clone(&value))));
    value
}

/// A callback that stays the same one. The unit stands for what Yew's may depend on.
#[hook]
pub fn use_callback<I: 'static, F: Fn(I, ()) + 'static>(of: (), call: F) -> Callback<I> {
    let callback = use_memo(of, move |()| Callback::from(move |event| call(event, ())));
    (*callback).clone()
}
