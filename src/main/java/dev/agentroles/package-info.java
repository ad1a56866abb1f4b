/// Where the program is put together: the only package that knows which engines, stores, clock and
/// randomness there are.
@NullMarked
package dev.agentroles;

import org.jspecify.annotations.NullMarked;
