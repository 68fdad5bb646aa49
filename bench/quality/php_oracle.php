<?php
// What the values of the benchmark are made of, how each is printed, and what each truly is.
//
// Python sends this file and then one line `emit(static fn () => EXPRESSION);` for each value. A line of JSON comes back for
// each: the output of every function in base64, and the value in the mapping that the data dictionary promises for
// `artifacts.value`. The mapping is made of the live value by reflection; nothing here reads printed text.

declare(strict_types=1);

namespace Harbour\Model {
    final class Berth
    {
        public function __construct(public mixed $name, protected mixed $depth, private mixed $owner) {}
    }
}

namespace {
    ini_set('display_errors', 'stderr');
    set_error_handler(static fn () => true); // var_export warns of recursion in the midst of what it prints

    enum Tide { case Ebb; case Flood; }
    enum Flag: string { case Red = 'red'; case Green = 'green flag'; }
    enum Lock: int { case Open = 1; case Shut = 0; }

    class Vessel
    {
        public mixed $name;
        protected mixed $cargo;
        private mixed $log;

        public function __construct(mixed $name, mixed $cargo, mixed $log)
        {
            [$this->name, $this->cargo, $this->log] = [$name, $cargo, $log];
        }
    }

    class Ferry extends Vessel
    {
        private mixed $log;
        public ?int $decks;

        public function __construct(mixed $name, mixed $cargo, mixed $log, mixed $own)
        {
            parent::__construct($name, $cargo, $log);
            $this->log = $own;
        }
    }

    final class Ticket
    {
        public readonly string $seat;
        public ?Ticket $next;

        public function __construct(public readonly int $number, public readonly mixed $price) {}
    }

    final class Stop
    {
        protected ?int $next;

        public function __construct(public readonly int $number) {}
    }

    final class Node
    {
        public mixed $self = null;

        public function __construct(public mixed $value) {}
    }

    /** An object whose properties are named at run time; names that look like integers stay names. */
    function record(array $members): stdClass
    {
        return (object) $members;
    }

    function circular(mixed $value): Node
    {
        $node = new Node($value);
        $node->self = $node;
        return $node;
    }

    function circular_array(mixed $value): array
    {
        $inner = [$value];
        $inner['again'] = &$inner;
        return [&$inner];
    }

    function shared_reference(mixed $value): array
    {
        return ['first' => &$value, 'second' => &$value];
    }

    function same_object(mixed $value): array
    {
        $node = new Node($value);
        return [$node, $node];
    }

    function anonymous(mixed $value): object
    {
        return new class ($value) {
            public function __construct(public mixed $value) {}
        };
    }

    function closed(): mixed
    {
        $stream = fopen('php://memory', 'r');
        fclose($stream);
        return $stream;
    }

    /** Turns a live value into the promised JSON, as much of it as one form of output can tell. */
    final class Mapping
    {
        private array $objects = [];
        private array $references = [];

        public function __construct(private string $form) {}

        public function of(mixed $value): mixed
        {
            return match (true) {
                is_array($value) => $this->listed($value),
                $value instanceof UnitEnum && $this->form !== 'debug_zval_dump' => ['$enum' => $value::class . '::' . $value->name],
                is_object($value) => $this->object($value),
                str_starts_with(gettype($value), 'resource') => $this->resource($value),
                $this->form === 'print_r' => self::text((string) $value),
                is_string($value) => self::text($value),
                is_float($value) && !is_finite($value) => ['$float' => (string) $value],
                is_float($value) && str_starts_with($this->form, 'xdebug') => (float) (string) $value, // 14 digits
                default => $value,
            };
        }

        private static function text(string $value): mixed
        {
            return preg_match('//u', $value) === 1 ? $value : ['$bytes' => base64_encode($value)];
        }

        private function resource(mixed $value): mixed
        {
            return match ($this->form) {
                'print_r' => (string) $value,
                'var_export' => null,
                'serialize' => 0,
                default => ['$resource' => get_resource_type($value), '$id' => get_resource_id($value)],
            };
        }

        private function recursion(): mixed
        {
            return $this->form === 'var_export' ? null : ['$recursion' => true];
        }

        private function listed(array $members): mixed
        {
            $mapped = [];
            foreach ($members as $key => $member) {
                $id = ReflectionReference::fromArrayElement($members, $key)?->getId();
                if ($id !== null && isset($this->references[$id])) {
                    $mapped[$key] = $this->recursion();
                    continue;
                }
                if ($id !== null) {
                    $this->references[$id] = true;
                }
                $mapped[$key] = $this->of($member);
                unset($this->references[$id ?? '']);
            }
            return array_is_list($mapped) ? $mapped : (object) $mapped;
        }

        private function object(object $value): mixed
        {
            $id = spl_object_id($value);
            if (isset($this->objects[$id])) {
                return $this->recursion();
            }
            $this->objects[$id] = true;
            $mapped = ['$class' => explode("\0", $value::class)[0]];
            foreach ($this->properties($value) as $key => $member) {
                $parts = explode("\0", (string) $key);
                $name = end($parts);
                $twin = array_key_exists($name, $mapped) && count($parts) === 3 && $parts[1] !== '*';
                if ($twin && !in_array($this->form, ['var_export', 'xdebug'], true)) { // these name no class
                    $name = $parts[1] . '::' . $name;
                }
                $mapped[$name] = $this->of($member);
            }
            unset($this->objects[$id]);
            return (object) ($mapped + $this->uninitialized($value));
        }

        private function properties(object $value): array
        {
            if ($value instanceof Closure && $this->form === 'var_export') {
                return [];
            }
            if ($value instanceof Closure) {
                $parameters = [];
                foreach ((new ReflectionFunction($value))->getParameters() as $parameter) {
                    $name = ($parameter->isPassedByReference() ? '&$' : '$') . $parameter->getName();
                    $parameters[$name] = $parameter->isOptional() ? '<optional>' : '<required>';
                }
                $called = $this->form === 'xdebug_html' ? ['closure' => '{closure}'] : [];
                return $called + ($parameters === [] ? [] : ['parameter' => $parameters]);
            }
            return (array) $value;
        }

        private function uninitialized(object $value): array
        {
            $found = [];
            if (!in_array($this->form, ['print_r', 'var_export', 'serialize'], true)) {
                foreach ((new ReflectionObject($value))->getProperties() as $property) {
                    if (!$property->isInitialized($value)) {
                        $found[$property->getName()] = ['$uninitialized' => (string) $property->getType()];
                    }
                }
            }
            return $found;
        }
    }

    function printed(string $form, mixed $value): ?string
    {
        ini_set('html_errors', $form === 'xdebug_html' ? '1' : '0');
        ob_start();
        try {
            match ($form) {
                'var_dump', 'xdebug', 'xdebug_html' => var_dump($value),
                'debug_zval_dump' => debug_zval_dump($value),
                'print_r' => print_r($value),
                'var_export' => var_export($value),
                'serialize' => print(serialize($value)),
            };
        } catch (Throwable) {
            ob_end_clean(); // a closure, for instance, cannot be serialized
            return null;
        }
        return ob_get_clean();
    }

    function emit(callable $make): void
    {
        $value = $make();
        $row = [];
        $forms = ['var_dump', 'debug_zval_dump', 'print_r', 'var_export', 'serialize'];
        foreach (extension_loaded('xdebug') ? ['xdebug', 'xdebug_html'] : $forms as $form) {
            $text = printed($form, $value);
            if ($text !== null) {
                $row[$form] = [base64_encode($text), (new Mapping($form))->of($value)];
            }
        }
        $flags = JSON_PRESERVE_ZERO_FRACTION | JSON_UNESCAPED_UNICODE | JSON_THROW_ON_ERROR;
        echo json_encode($row, $flags), "\n";
    }

