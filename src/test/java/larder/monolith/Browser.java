package larder.monolith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;
import org.springframework.util.FileSystemUtils;

/** A person at a real browser, headless, with a session of their own. */
final class Browser implements AutoCloseable {

  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final String address;
  private final Path folder;
  private final ChromeDriver driver;

  Browser(int port) {
    this.address = "http://127.0.0.1:" + port;
    try {
      this.folder = Files.createTempDirectory("larder-chromium-");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder for Chromium", e);
    }
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(DRIVER.toFile())
            .usingAnyFreePort()
            .build();
    this.driver = new ChromeDriver(service, options(folder));
  }

  /** Without Chromium and its driver a test is skipped, and fails where {@code CI} is set. */
  static void require() {
    boolean installed = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    String missing = "%s and %s are missing; apt-get install chromium-driver brings them";
    if ("true".equals(System.getenv("CI"))) {
      assertThat(installed).as(missing, CHROMIUM, DRIVER).isTrue();
    }
    assumeThat(installed).as(missing, CHROMIUM, DRIVER).isTrue();
  }

  private static ChromeOptions options(Path folder) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(CHROMIUM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--force-prefers-reduced-motion",
        "--window-size=1280,900",
        "--user-data-dir=" + folder);
    return options;
  }

  /** Forgets session, screen size and preferences, as if newly started. */
  void startAfresh() {
    driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
    driver.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
    driver.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
  }

  /** Goes on in a further window, with the same session, and returns the name of the one left. */
  String newWindow() {
    String left = driver.getWindowHandle();
    driver.switchTo().newWindow(WindowType.WINDOW);
    return left;
  }

  /** Goes on in another window. */
  Browser window(String name) {
    driver.switchTo().window(name);
    return this;
  }

  /** Closes the window and goes on in another. */
  Browser closeWindow(String other) {
    driver.close();
    return window(other);
  }

  /** Returns when the first element that matches the selector has this text. */
  Browser awaitText(String selector, String text) {
    new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> text + " at " + selector + ", which says " + text(selector))
        .until(page -> text(selector).contains(text));
    return this;
  }

  Browser open(String path) {
    driver.get(address + path);
    return this;
  }

  /** Replaces what the field with the id holds. */
  Browser fill(String id, String text) {
    WebElement field = driver.findElement(By.id(id));
    field.clear();
    field.sendKeys(text);
    return this;
  }

  /** Presses the button with the words, and returns when the next page is there. */
  Browser press(String words) {
    return leaveBy(By.xpath("//button[normalize-space()='" + words + "']"));
  }

  /** Follows the link with the words, and returns when the next page is there. */
  Browser follow(String words) {
    return leaveBy(By.xpath("//a[normalize-space()='" + words + "']"));
  }

  private Browser leaveBy(By by) {
    WebElement old = driver.findElement(By.tagName("html"));
    driver.findElement(by).click();
    new WebDriverWait(driver, PATIENCE)
        .until(
            page ->
                !page.findElement(By.tagName("html")).equals(old)
                    && "complete".equals(driver.executeScript("return document.readyState")));
    return this;
  }

  /** Presses keys wherever the focus is. */
  Browser type(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
    return this;
  }

  Browser tab() {
    return type(Keys.TAB);
  }

  /** Shows pages as on a screen of this size, in pixels. */
  Browser resize(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", true));
    return this;
  }

  /** Shows pages as to a person who prefers a dark or a light screen. */
  Browser prefer(String scheme) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    return this;
  }

  /** Returns the text of the page's main part, as a person sees it. */
  String text() {
    return driver.findElement(By.tagName("main")).getText();
  }

  String heading() {
    return driver.findElement(By.tagName("h1")).getText();
  }

  String footer() {
    return driver.findElement(By.tagName("footer")).getText();
  }

  String header() {
    return driver.findElement(By.tagName("header")).getText();
  }

  String path() {
    String url = driver.getCurrentUrl();
    assertThat(url).startsWith(address);
    return url == null ? "" : url.substring(address.length());
  }

  String value(String id) {
    return String.valueOf(driver.findElement(By.id(id)).getDomProperty("value"));
  }

  /**
   * Returns the element with the focus once it matches the selector: a page moves the focus only
   * after the key or click that asks for it was taken.
   */
  WebElement focused(String selector) {
    return new WebDriverWait(driver, PATIENCE)
        .withMessage(() -> "the focus on " + selector + ", which is on " + focusedNow())
        .ignoring(NoSuchElementException.class)
        .until(page -> page.findElement(By.cssSelector(selector + ":focus")));
  }

  private String focusedNow() {
    return String.valueOf(driver.executeScript("return document.activeElement.outerHTML"));
  }

  /** Returns when the address is this path, such as after a key that leads to it. */
  Browser awaitPath(String path) {
    new WebDriverWait(driver, PATIENCE)
        .until(page -> (address + path).equals(page.getCurrentUrl()));
    return this;
  }

  /** Returns the only or first element that matches the selector. */
  WebElement element(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  /**
   * Returns the text of the first element that matches the selector, empty if there is none; also
   * where the page replaces it meanwhile.
   */
  String text(String selector) {
    return String.valueOf(
        driver.executeScript(
            "return document.querySelector(arguments[0])?.innerText ?? ''", selector));
  }

  int count(String selector) {
    return driver.findElements(By.cssSelector(selector)).size();
  }

  /** Returns the result of an expression in the page. */
  String evaluate(String expression) {
    return String.valueOf(driver.executeScript("return " + expression));
  }

  Browser signIn(String handle) {
    return open("/login")
        .fill("username", handle)
        .fill("password", People.PASSWORD)
        .press("Sign in");
  }

  @Override
  public void close() {
    driver.quit();
    try {
      FileSystemUtils.deleteRecursively(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(folder + " cannot be removed", e);
    }
  }
}
