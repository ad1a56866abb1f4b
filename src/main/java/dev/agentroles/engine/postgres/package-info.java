/// PostgreSQL 15 to 18.
@NullMarked
package dev.agentroles.engine.postgres;

import org.jspecify.annotations.NullMarked;
