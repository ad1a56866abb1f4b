package dev.agentroles.access;

/// `member` belongs to `group`.
///
/// @param inherits the member has the group's privileges without doing anything
/// @param settable the member may become the group (SET ROLE), and then has its attributes, too
/// @param admin the member may give the membership away, to itself first
public record Membership(RoleName group, RoleName member, boolean inherits, boolean settable, boolean admin) {}
