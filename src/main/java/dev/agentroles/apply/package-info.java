/// Runs a plan under a lock and says what was done and what was not.
@NullMarked
package dev.agentroles.apply;

import org.jspecify.annotations.NullMarked;
