//! Resource groups: names under which Azure keeps what belongs together. Nothing of a packet's way depends on them.
//! Source: MicrosoftDocs/azure-docs, articles/azure-resource-manager/management/overview.md.

use crate::sim::action::error::Kind;
use std::rc::Rc;

/// A resource group.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ResourceGroup {
    pub name: Rc<str>,
    pub location: Rc<str>,
}

/// What was put into a group when it was created.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Member {
    kind: Kind,
    name: Rc<str>,
    group: Rc<str>,
}

/// All groups of a subscription, in the order of their creation, with what is in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ResourceGroups {
    groups: Rc<Vec<ResourceGroup>>,
    members: Rc<Vec<Member>>,
}

impl ResourceGroups {
    pub fn iter(&self) -> impl Iterator<Item = &ResourceGroup> {
        self.groups.iter()
    }

    pub fn get(&self, name: &str) -> Option<&ResourceGroup> {
        self.iter().find(|group| group.name.as_ref() == name)
    }

    /// Creates a group; one that is there keeps its place and gets the location.
    pub fn put(&mut self, name: &str, location: &str) {
        let group = ResourceGroup { name: name.into(), location: location.into() };
        let groups = Rc::make_mut(&mut self.groups);
        match groups.iter_mut().find(|g| g.name == group.name) {
            Some(old) => *old = group,
            None => groups.push(group),
        }
    }

    /// The group that a thing was created in, if one was named.
    pub fn of(&self, kind: Kind, name: &str) -> Option<&str> {
        let member = self.members.iter().find(|m| m.kind == kind && m.name.as_ref() == name)?;
        Some(&member.group)
    }

    /// Puts a new thing into a group; nothing where there is no such group.
    pub(crate) fn add(&mut self, kind: Kind, name: &str, group: &str) -> Option<()> {
        let group = Rc::clone(&self.get(group)?.name);
        Rc::make_mut(&mut self.members).push(Member { kind, name: name.into(), group });
        Some(())
    }

    /// Deletes a group; nothing where there is none. What was in it is in none then.
    pub(crate) fn delete(&mut self, name: &str) -> Option<()> {
        self.get(name)?;
        Rc::make_mut(&mut self.groups).retain(|g| g.name.as_ref() != name);
        Rc::make_mut(&mut self.members).retain(|m| m.group.as_ref() != name);
        Some(())
    }

    /// A thing is gone.
    pub(crate) fn remove(&mut self, kind: Kind, name: &str) {
        if self.of(kind, name).is_some() {
            Rc::make_mut(&mut self.members).retain(|m| !(m.kind == kind && m.name.as_ref() == name));
        }
    }
}
