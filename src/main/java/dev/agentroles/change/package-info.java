/// Schema changes behind a person: an agent asks for a statement, a person sees what it is and does, approves or
/// rejects it, and it is run once, by the login that owns the schema.
@NullMarked
package dev.agentroles.change;

import org.jspecify.annotations.NullMarked;
