package dev.agentroles.access;

/// Who a privilege is granted to: a role, or everybody.
public sealed interface Grantee {
    record Role(RoleName name) implements Grantee {
        @Override
        public String toString() {
            return name.value();
        }
    }

    /// Every role there is and will be.
    record Public() implements Grantee {
        @Override
        public String toString() {
            return "PUBLIC";
        }
    }

    static Grantee role(RoleName name) {
        return new Role(name);
    }

    static Grantee everybody() {
        return new Public();
    }
}
