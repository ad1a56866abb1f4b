/// HashiCorp Vault or OpenBao, KV version 2, through the Vault Java driver.
@NullMarked
package dev.agentroles.credential.vault;

import org.jspecify.annotations.NullMarked;
