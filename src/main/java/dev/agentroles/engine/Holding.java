package dev.agentroles.engine;

import dev.agentroles.access.Privilege;
import dev.agentroles.access.Securable;
import java.util.List;

/// One privilege as it reaches a subject.
///
/// @param grantable whether the subject may pass it on
/// @param path from the subject outwards, one hop an entry: `ar_shop_bot`, `ar_shop_orders_explore`; ends with
/// `PUBLIC` where everybody has it
public record Holding(
        Privilege privilege, Securable on, boolean grantable, Source source, Reach reach, List<String> path) {
    public Holding {
        path = List.copyOf(path);
    }

    /// What gives the privilege at the end of the path.
    public enum Source {
        /// An entry in the object's access list.
        GRANT,
        /// The object is owned: every privilege can be given to oneself, and none can be taken away.
        OWNERSHIP,
        /// A grant option on what the server lets nobody do himself: passing it on is all that it gives.
        OPTION,
        /// A role that the server defines acts on every object without an entry anywhere.
        PREDEFINED
    }

    /// What the subject must do first.
    public enum Reach {
        /// Nothing.
        AT_ONCE,
        /// Become another role.
        SET_ROLE,
        /// Give itself a membership.
        SELF_GRANT
    }

    /// Whether the privilege can be used as it stands, not only given to somebody.
    public boolean usable() {
        return source == Source.GRANT || source == Source.PREDEFINED;
    }

    /// For people: `a > b > c`.
    public String pathText() {
        return String.join(" > ", path);
    }
}
