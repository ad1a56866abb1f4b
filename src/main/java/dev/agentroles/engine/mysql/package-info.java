/// MySQL 8.0 and later, MariaDB 10.11 and later: one room for the family. Where the two differ, a [Dialect]
/// says how.
@NullMarked
package dev.agentroles.engine.mysql;

import org.jspecify.annotations.NullMarked;
