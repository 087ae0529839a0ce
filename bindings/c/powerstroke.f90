!> Fortran's view of powerstroke.h: compile it with your code, link with -lpowerstroke_c.
!! The C header documents every function. Texts go in through `c_text`, and come back through `f_text`.
module powerstroke
  use, intrinsic :: iso_c_binding
  implicit none
  private
  public :: c_text, f_text, powerstroke_message
  public :: powerstroke_strokes_new, powerstroke_strokes_free, powerstroke_strokes_aos, powerstroke_strokes_soa
  public :: powerstroke_strokes_ledger, powerstroke_strokes_energy, powerstroke_strokes_net
  public :: powerstroke_strokes_clock, powerstroke_strokes_go_on, powerstroke_set_threads
  public :: powerstroke_run, powerstroke_solve, powerstroke_result_read, powerstroke_result_write, powerstroke_result_free
  public :: powerstroke_result_doubles, powerstroke_result_counts, powerstroke_result_text, powerstroke_result_verdict
  public :: powerstroke_compare

  integer(c_int), parameter, public :: POWERSTROKE_OK = 0, POWERSTROKE_BAD_CONFIG = 2, POWERSTROKE_BAD_NUMBERS = 3, &
    POWERSTROKE_BAD_FILE = 4, POWERSTROKE_BAD_ARGUMENT = 5, POWERSTROKE_NO_MEMORY = 6, POWERSTROKE_BUG = 7, &
    POWERSTROKE_STOPPED = 130
  integer(c_int), parameter, public :: POWERSTROKE_CONSISTENT = 0, POWERSTROKE_INCONSISTENT = 1, &
    POWERSTROKE_NOT_COMPARABLE = 2

  type, bind(c), public :: powerstroke_ledger
    integer(c_int64_t) :: uptakes, releases, blocked, declined_uptakes, declined_releases, steps
  end type

  interface
    function powerstroke_error() bind(c) result(text)
      import :: c_ptr
      type(c_ptr) :: text
    end function
    subroutine powerstroke_set_threads(threads) bind(c)
      import :: c_int
      integer(c_int), value :: threads
    end subroutine

    function powerstroke_strokes_new(json, particles, dimension, mass, seed, strokes) bind(c) result(status)
      import :: c_char, c_double, c_int, c_int64_t, c_ptr
      character(kind=c_char), intent(in) :: json(*)
      integer(c_int64_t), value :: particles, seed
      integer(c_int), value :: dimension
      real(c_double), value :: mass
      type(c_ptr), intent(out) :: strokes
      integer(c_int) :: status
    end function
    subroutine powerstroke_strokes_free(strokes) bind(c)
      import :: c_ptr
      type(c_ptr), value :: strokes
    end subroutine
    !> An array p(dimension, particles), or p(stride, particles).
    function powerstroke_strokes_aos(strokes, momenta, particles, stride, first_id, dt) bind(c) result(status)
      import :: c_double, c_int, c_int64_t, c_ptr, c_size_t
      type(c_ptr), value :: strokes
      real(c_double), intent(inout) :: momenta(*)
      integer(c_size_t), value :: particles, stride
      integer(c_int64_t), value :: first_id
      real(c_double), value :: dt
      integer(c_int) :: status
    end function
    !> One array a component: momenta is an array of their c_loc.
    function powerstroke_strokes_soa(strokes, momenta, particles, first_id, dt) bind(c) result(status)
      import :: c_double, c_int, c_int64_t, c_ptr, c_size_t
      type(c_ptr), value :: strokes
      type(c_ptr), intent(in) :: momenta(*)
      integer(c_size_t), value :: particles
      integer(c_int64_t), value :: first_id
      real(c_double), value :: dt
      integer(c_int) :: status
    end function
    function powerstroke_strokes_ledger(strokes, ledger) bind(c) result(status)
      import :: c_int, c_ptr, powerstroke_ledger
      type(c_ptr), value :: strokes
      type(powerstroke_ledger), intent(out) :: ledger
      integer(c_int) :: status
    end function
    function powerstroke_strokes_energy(strokes, energy) bind(c) result(status)
      import :: c_double, c_int, c_ptr
      type(c_ptr), value :: strokes
      real(c_double), intent(out) :: energy
      integer(c_int) :: status
    end function
    !> Transitions are numbered from 0.
    function powerstroke_strokes_net(strokes, transition, net) bind(c) result(status)
      import :: c_int, c_int64_t, c_ptr, c_size_t
      type(c_ptr), value :: strokes
      integer(c_size_t), value :: transition
      integer(c_int64_t), intent(out) :: net
      integer(c_int) :: status
    end function
    function powerstroke_strokes_clock(strokes, step) bind(c) result(status)
      import :: c_int, c_int64_t, c_ptr
      type(c_ptr), value :: strokes
      integer(c_int64_t), intent(out) :: step
      integer(c_int) :: status
    end function
    function powerstroke_strokes_go_on(strokes, step, net, transitions) bind(c) result(status)
      import :: c_int, c_int64_t, c_ptr, c_size_t
      type(c_ptr), value :: strokes
      integer(c_int64_t), value :: step
      integer(c_int64_t), intent(in) :: net(*)
      integer(c_size_t), value :: transitions
      integer(c_int) :: status
    end function

    !> progress: c_null_funptr, or c_funloc of integer(c_int) function progress(fraction, strokes, user) bind(c).
    function powerstroke_run(config, progress, user, result) bind(c) result(status)
      import :: c_char, c_funptr, c_int, c_ptr
      character(kind=c_char), intent(in) :: config(*)
      type(c_funptr), value :: progress
      type(c_ptr), value :: user
      type(c_ptr), intent(out) :: result
      integer(c_int) :: status
    end function
    function powerstroke_solve(config, result) bind(c) result(status)
      import :: c_char, c_int, c_ptr
      character(kind=c_char), intent(in) :: config(*)
      type(c_ptr), intent(out) :: result
      integer(c_int) :: status
    end function
    function powerstroke_result_read(folder, result) bind(c) result(status)
      import :: c_char, c_int, c_ptr
      character(kind=c_char), intent(in) :: folder(*)
      type(c_ptr), intent(out) :: result
      integer(c_int) :: status
    end function
    function powerstroke_result_write(result, folder, replace) bind(c) result(status)
      import :: c_char, c_int, c_ptr
      type(c_ptr), value :: result
      character(kind=c_char), intent(in) :: folder(*)
      integer(c_int), value :: replace
      integer(c_int) :: status
    end function
    subroutine powerstroke_result_free(result) bind(c)
      import :: c_ptr
      type(c_ptr), value :: result
    end subroutine
    !> `data` becomes a Fortran array by c_f_pointer(data, array, [shape(2), shape(1)]): columns are next to each other.
    function powerstroke_result_doubles(result, name, data, shape) bind(c) result(status)
      import :: c_char, c_int, c_ptr, c_size_t
      type(c_ptr), value :: result
      character(kind=c_char), intent(in) :: name(*)
      type(c_ptr), intent(out) :: data
      integer(c_size_t), intent(out) :: shape(2)
      integer(c_int) :: status
    end function
    function powerstroke_result_counts(result, name, data, shape) bind(c) result(status)
      import :: c_char, c_int, c_ptr, c_size_t
      type(c_ptr), value :: result
      character(kind=c_char), intent(in) :: name(*)
      type(c_ptr), intent(out) :: data
      integer(c_size_t), intent(out) :: shape(2)
      integer(c_int) :: status
    end function
    function powerstroke_result_text(result, name, index, text) bind(c) result(status)
      import :: c_char, c_int, c_ptr, c_size_t
      type(c_ptr), value :: result
      character(kind=c_char), intent(in) :: name(*)
      integer(c_size_t), value :: index
      type(c_ptr), intent(out) :: text
      integer(c_int) :: status
    end function
    function powerstroke_result_verdict(result, verdict) bind(c) result(status)
      import :: c_int, c_ptr
      type(c_ptr), value :: result
      integer(c_int), intent(out) :: verdict
      integer(c_int) :: status
    end function
    function powerstroke_compare(a, b, verdict) bind(c) result(status)
      import :: c_int, c_ptr
      type(c_ptr), value :: a, b
      integer(c_int), intent(out) :: verdict
      integer(c_int) :: status
    end function
  end interface

contains

  !> A text as C reads it.
  pure function c_text(text) result(with_end)
    character(len=*), intent(in) :: text
    character(kind=c_char, len=:), allocatable :: with_end
    with_end = text // c_null_char
  end function

  !> A text that C gave.
  function f_text(text) result(copy)
    type(c_ptr), intent(in) :: text
    character(len=:), allocatable :: copy
    character(kind=c_char), pointer :: characters(:)
    integer :: length, i
    interface
      function strlen(text) bind(c)
        import :: c_ptr, c_size_t
        type(c_ptr), value :: text
        integer(c_size_t) :: strlen
      end function
    end interface
    length = int(strlen(text))
    call c_f_pointer(text, characters, [length])
    allocate (character(len=length) :: copy)
    do i = 1, length
      copy(i:i) = characters(i)
    end do
  end function

  !> What the last call that failed had to say.
  function powerstroke_message() result(text)
    character(len=:), allocatable :: text
    text = f_text(powerstroke_error())
  end function
end module
