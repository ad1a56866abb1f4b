/// Real servers for the tests: where they come from, how a test gets one, and what ran on which at the end.
@NullMarked
package dev.agentroles.harness;

import org.jspecify.annotations.NullMarked;
