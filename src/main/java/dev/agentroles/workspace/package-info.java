/// The databases of a profile, each opened and found to be the one that the profile means, and work on several of
/// them, or on several sessions of one, at the same time.
@NullMarked
package dev.agentroles.workspace;

import org.jspecify.annotations.NullMarked;
