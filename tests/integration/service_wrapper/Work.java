import java.util.ArrayList;
import java.util.List;

/** What the service wrapper drives in the tests: says that it began, and then waits, or takes memory until there is none. */
public final class Work {
    private Work() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.out.println("work begins");
        if (arguments.length > 0 && arguments[0].equals("exhaust")) {
            List<byte[]> kept = new ArrayList<>();
            while (true) {
                kept.add(new byte[1 << 20]);
            }
        }
        Thread.sleep(Long.MAX_VALUE);
    }
}
