/// The `agentroles` schema in each database: environment stamp, leases, journal.
@NullMarked
package dev.agentroles.ledger;

import org.jspecify.annotations.NullMarked;
