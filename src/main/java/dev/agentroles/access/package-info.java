/// The vocabulary: role, privilege, securable, grant, lease, finding; one state type for what is wanted and
/// what is there.
@NullMarked
package dev.agentroles.access;

import org.jspecify.annotations.NullMarked;
