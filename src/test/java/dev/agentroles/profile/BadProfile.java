package dev.agentroles.profile;

/// A profile that is wrong.
///
/// @param name of what is wrong with it
/// @param problems all that is said about it
record BadProfile(String name, String text, String problems) {
    @Override
    public String toString() {
        return name;
    }
}
