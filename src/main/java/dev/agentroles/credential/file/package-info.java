/// An age-encrypted file, for one machine without Vault.
@NullMarked
package dev.agentroles.credential.file;

import org.jspecify.annotations.NullMarked;
