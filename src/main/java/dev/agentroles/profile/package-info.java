/// YAML text to a `Profile`, with every problem at its file, line and column.
@NullMarked
package dev.agentroles.profile;

import org.jspecify.annotations.NullMarked;
