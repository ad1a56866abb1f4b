/// Rules and probes to findings.
@NullMarked
package dev.agentroles.audit;

import org.jspecify.annotations.NullMarked;
