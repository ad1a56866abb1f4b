package dev.agentroles.access;

/// One privilege of one grantee on one securable.
///
/// @param grantable whether the grantee may pass it on
public record Grant(Grantee grantee, Privilege privilege, Securable on, boolean grantable) {
    public static Grant of(RoleName grantee, Privilege privilege, Securable on) {
        return new Grant(Grantee.role(grantee), privilege, on, false);
    }
}
