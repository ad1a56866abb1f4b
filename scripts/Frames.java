import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/// Gives the classes of a jar the stack map frames that Java 6 brought, where they are older than that: Java's class
/// cache leaves out what it cannot verify by them, and such classes are then read and verified at each start. What the
/// classes do stays the same.
///
/// ```
/// Frames JAR...     rewrites those jars that have such classes
/// ```
final class Frames {
    /// The first that must have frames (JVM specification, 4.10).
    private static final int JAVA_7 = ClassFile.JAVA_7_VERSION;

    private Frames() {}

    public static void main(String[] jars) throws IOException {
        for (var jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    private static void rewrite(Path path) throws IOException {
        try (var jar = new JarFile(path.toFile())) {
            if (jar.stream().noneMatch(entry -> isOld(jar, entry))) {
                return;
            }
            var newer = path.resolveSibling(path.getFileName() + ".frames");
            try (var loader = new URLClassLoader(new URL[] {path.toUri().toURL()});
                    var out = new JarOutputStream(Files.newOutputStream(newer))) {
                var classes = ClassFile.of(
                        ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
                        // Without it the code would be copied as it is.
                        ClassFile.ConstantPoolSharingOption.NEW_POOL,
                        ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)
                                .orElse(ClassHierarchyResolver.defaultResolver())));
                for (var entry : Collections.list(jar.entries())) {
                    var bytes = bytes(jar, entry);
                    var copy = new JarEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    out.putNextEntry(copy);
                    out.write(isOld(jar, entry) ? withFrames(classes, bytes) : bytes);
                    out.closeEntry();
                }
            }
            Files.move(newer, path, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static byte[] withFrames(ClassFile classes, byte[] old) {
        var rewritten = ClassTransform.transformingMethodBodies((builder, element) -> builder.with(element));
        ClassTransform newer = (builder, element) -> {
            if (element instanceof ClassFileVersion) {
                builder.withVersion(JAVA_7, 0);
            } else {
                builder.with(element);
            }
        };
        return classes.transformClass(classes.parse(old), rewritten.andThen(newer));
    }

    private static boolean isOld(JarFile jar, JarEntry entry) {
        return entry.getName().endsWith(".class")
                && ClassFile.of().parse(bytes(jar, entry)).majorVersion() < JAVA_7;
    }

    private static byte[] bytes(JarFile jar, JarEntry entry) {
        try (var in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
