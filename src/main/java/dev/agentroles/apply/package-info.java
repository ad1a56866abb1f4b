/// What would have to be done to a database, the doing of it under a lock, and what its agents have and may do.
@NullMarked
package dev.agentroles.apply;

import org.jspecify.annotations.NullMarked;
