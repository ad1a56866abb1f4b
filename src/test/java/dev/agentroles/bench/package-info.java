/// Speed and memory, each against a floor that is measured in the same run. Started by `make bench`, never
/// by a test.
@NullMarked
package dev.agentroles.bench;

import org.jspecify.annotations.NullMarked;
