/// What is wrong, where, and how it ends the run.
@NullMarked
package dev.agentroles.problem;

import org.jspecify.annotations.NullMarked;
