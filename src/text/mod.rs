//! Messages to words. Only this module knows languages.
