/// Two states to an ordered list of changes. Pure: knows no clock, no file, no connection.
@NullMarked
package dev.agentroles.plan;

import org.jspecify.annotations.NullMarked;
