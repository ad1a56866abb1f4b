/// Mint, prove, publish, retire a login; the port to the store that agents read it from.
@NullMarked
package dev.agentroles.credential;

import org.jspecify.annotations.NullMarked;
