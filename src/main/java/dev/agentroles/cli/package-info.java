/// Options in, exit code out; no decisions.
@NullMarked
package dev.agentroles.cli;

import org.jspecify.annotations.NullMarked;
