package dev.agentroles.access;

import java.util.Optional;

/// A configuration setting that a role gets at login. The role can change it: a convenience, never a boundary.
///
/// @param database empty means in every database
public record Setting(RoleName role, Optional<String> database, String name, String value) {}
