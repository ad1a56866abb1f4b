/// A first profile of what is there: the scopes and agents that a database and its accounts suggest.
@NullMarked
package dev.agentroles.draft;

import org.jspecify.annotations.NullMarked;
