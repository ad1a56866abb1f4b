package dev.agentroles.plan;

/// What is carried out at the same time, in that order. What is taken away comes before what is given, and a
/// role before what it is given; a guard is there before a write privilege and goes after it, and where it is
/// gone the write waits for it. Roles go when all else of them has gone: what somebody gave them in another
/// database may hold one back, and that must hold up nothing else.
enum Phase {
    LEDGER,
    STAMP,
    WITHHOLD_WRITES,
    /// What others are hung on, or call.
    OWN_OBJECTS,
    ATTACH_GUARDS,
    HARDEN,
    REMOVE_MEMBERSHIPS,
    REVOKE,
    REMOVE_DEFAULTS,
    RESET_SETTINGS,
    CREATE_ROLES,
    ALTER_ROLES,
    ADD_MEMBERSHIPS,
    LIMITS,
    GRANT,
    ADD_DEFAULTS,
    PUT_SETTINGS,
    DETACH_GUARDS,
    REMOVE_OWN_OBJECTS,
    END_LEASES,
    DROP_ROLES,
    ISSUE_LEASES;

    static Phase of(Change change) {
        return switch (change) {
            case Change.MigrateLedger _ -> LEDGER;
            case Change.Stamp _ -> STAMP;
            case Change.Withhold _ -> WITHHOLD_WRITES;
            case Change.InstallGuardCore _,
                    Change.UpgradeGuardCore _,
                    Change.PutExpiry _,
                    Change.DropExpiry _,
                    Change.PutDoor _ -> OWN_OBJECTS;
            case Change.AttachGuard _ -> ATTACH_GUARDS;
            case Change.Harden _ -> HARDEN;
            case Change.RemoveMembership _ -> REMOVE_MEMBERSHIPS;
            case Change.Revoke _ -> REVOKE;
            case Change.RemoveDefault _ -> REMOVE_DEFAULTS;
            case Change.ResetSetting _ -> RESET_SETTINGS;
            case Change.CreateRole _ -> CREATE_ROLES;
            case Change.AlterRole _ -> ALTER_ROLES;
            case Change.AddMembership _ -> ADD_MEMBERSHIPS;
            case Change.SetLimits _, Change.DropLimits _ -> LIMITS;
            case Change.Give _ -> GRANT;
            case Change.AddDefault _ -> ADD_DEFAULTS;
            case Change.PutSetting _ -> PUT_SETTINGS;
            case Change.DetachGuard _ -> DETACH_GUARDS;
            case Change.RemoveGuardCore _, Change.DropDoor _ -> REMOVE_OWN_OBJECTS;
            case Change.EndLease _ -> END_LEASES;
            case Change.DropRole _ -> DROP_ROLES;
            case Change.IssueLease _ -> ISSUE_LEASES;
        };
    }
}
