/// What becomes of leases after they were issued: rotated, reaped, stopped, lent to a program.
@NullMarked
package dev.agentroles.life;

import org.jspecify.annotations.NullMarked;
