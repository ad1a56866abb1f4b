package dev.agentroles.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The JSON Schema of profiles, for editors and other programs.
public final class ProfileSchema {
    private static final String RESOURCE = "profile.schema.json";

    private ProfileSchema() {}

    /// The schema as it stands in `profiles/`.
    public static String text() {
        try (var resource = ProfileSchema.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException("the program was built without " + RESOURCE);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
