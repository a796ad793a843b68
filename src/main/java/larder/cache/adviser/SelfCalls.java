package larder.cache.adviser;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.util.ClassUtils;

/**
 * The calls that a class makes of its own methods on {@code this}, past any proxy, as its bytecode
 * has them.
 *
 * <p>Code that also handles other objects of the class, such as its own proxy, is left out: there
 * the bytecode does not say plainly whose method is called.
 */
final class SelfCalls {

  private static final Logger log = LoggerFactory.getLogger(SelfCalls.class);

  private SelfCalls() {}

  /**
   * Returns the names of the methods of a class or its superclasses that call one on this, in
   * alphabetical order.
   */
  static Set<String> callersOf(Method method, Class<?> type) {
    Set<String> callers = new TreeSet<>();
    List<String> owners = new ArrayList<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      owners.add(Type.getInternalName(c));
    }
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      read(c, new Calls(method, Type.getInternalName(c), owners, callers));
    }
    return callers;
  }

  private static void read(Class<?> type, ClassVisitor visitor) {
    try (InputStream bytes = type.getResourceAsStream(ClassUtils.getClassFileName(type))) {
      if (bytes != null) {
        new ClassReader(bytes).accept(visitor, ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
      }
    } catch (IOException | RuntimeException e) {
      log.debug("The bytecode of {} cannot be read", type, e);
    }
  }

  /** Looks through the methods of one class. */
  private static final class Calls extends ClassVisitor {

    private final String name;
    private final String descriptor;
    private final String self;
    private final List<String> owners;
    private final Set<String> callers;

    Calls(Method wanted, String self, List<String> owners, Set<String> callers) {
      super(SpringAsmInfo.ASM_VERSION);
      this.name = wanted.getName();
      this.descriptor = Type.getMethodDescriptor(wanted);
      this.self = self;
      this.owners = owners;
      this.callers = callers;
    }

    /** A bridge stands for the method itself; what is static has no this. */
    @Override
    public @Nullable MethodVisitor visitMethod(
        int access, String caller, String of, String signature, String[] exceptions) {
      boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
      boolean overriding = caller.equals(name) && of.equals(descriptor);
      return bridge || (access & Opcodes.ACC_STATIC) != 0
          ? null
          : new Body(this, readable(caller), overriding, mentions(arguments(of)));
    }

    boolean isWanted(String owner, String called, String of) {
      return owners.contains(owner) && called.equals(name) && of.equals(descriptor);
    }

    boolean mentions(String types) {
      return types.contains("L" + self + ";");
    }

    private static String arguments(String of) {
      return of.substring(0, of.indexOf(')'));
    }

    /** A lambda's method is called after the one that it stands in. */
    private static String readable(String caller) {
      String[] parts = caller.split("\\$", -1);
      return parts[0].equals("lambda") && parts.length > 2 ? parts[1] : caller;
    }
  }

  /** Looks through one method. */
  private static final class Body extends MethodVisitor {

    private final Calls of;
    private final String caller;
    private final boolean overriding;
    private boolean othersAtHand;
    private boolean calls;

    Body(Calls of, String caller, boolean overriding, boolean othersAtHand) {
      super(SpringAsmInfo.ASM_VERSION);
      this.of = of;
      this.caller = caller;
      this.overriding = overriding;
      this.othersAtHand = othersAtHand;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String called, String signature, boolean onInterface) {
      boolean above = opcode == Opcodes.INVOKESPECIAL;
      if (!onInterface
          && (above || (opcode == Opcodes.INVOKEVIRTUAL && owner.equals(of.self)))
          && of.isWanted(owner, called, signature)) {
        calls |= !(above && overriding);
      }
      othersAtHand |= of.mentions(signature.substring(signature.indexOf(')')));
    }

    @Override
    public void visitInvokeDynamicInsn(
        String called, String signature, Handle bootstrap, Object... arguments) {
      for (Object argument : arguments) {
        if (argument instanceof Handle handle
            && (handle.getTag() == Opcodes.H_INVOKEVIRTUAL
                || handle.getTag() == Opcodes.H_INVOKESPECIAL)) {
          calls |= of.isWanted(handle.getOwner(), handle.getName(), handle.getDesc());
        }
      }
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String field, String type) {
      othersAtHand |= of.mentions(type);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      othersAtHand |=
          type.equals(of.self) && (opcode == Opcodes.CHECKCAST || opcode == Opcodes.NEW);
    }

    @Override
    public void visitEnd() {
      if (calls && !othersAtHand) {
        of.callers.add(caller);
      }
    }
  }
}
