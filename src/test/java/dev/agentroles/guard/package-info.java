/// The write guard on PostgreSQL, through what `apply` made: attacks, ordinary statements, drift,
/// migrations, clients.
@NullMarked
package dev.agentroles.guard;

import org.jspecify.annotations.NullMarked;
