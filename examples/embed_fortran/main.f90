! powerstroke in a Fortran code: strokes in place on p(3, n), then a run of a config through the same library.
program embed
  use, intrinsic :: iso_c_binding
  use powerstroke
  implicit none
  integer, parameter :: n = 10000, steps = 100
  logical :: fine
  character(len=1024) :: config
  if (command_argument_count() /= 1) stop 2
  call get_command_argument(1, config)
  fine = stroke_a_gas()
  fine = solve_a_config(trim(config)) .and. fine
  if (.not. fine) stop 1

contains

  subroutine check(status, what)
    integer(c_int), intent(in) :: status
    character(len=*), intent(in) :: what
    if (status == POWERSTROKE_OK) return
    print '(4a)', what, ': ', powerstroke_message()
    stop 1
  end subroutine

  ! Strokes that keep the mean energy, equation (8), between the steps of whatever else moves p.
  logical function stroke_a_gas()
    real(c_double), allocatable :: p(:, :)
    real(c_double) :: before, booked
    type(c_ptr) :: strokes
    type(powerstroke_ledger) :: ledger
    integer :: step
    call random_seed()
    allocate (p(3, n))
    call random_number(p)
    p = 6.0_c_double * (p - 0.5_c_double)
    before = 0.5_c_double * sum(p**2)
    call check(powerstroke_strokes_new(c_text('{"transitions": [{"delta_e": 1.0, "rate_down": 1.0}], &
      &"balance": "energy_conserving"}'), int(n, c_int64_t), 3_c_int, 1.0_c_double, 7_c_int64_t, strokes), 'strokes')
    do step = 1, steps
      call check(powerstroke_strokes_aos(strokes, p, int(n, c_size_t), 3_c_size_t, 0_c_int64_t, 0.1_c_double), 'a step')
    end do
    call check(powerstroke_strokes_ledger(strokes, ledger), 'the ledger')
    call check(powerstroke_strokes_energy(strokes, booked), 'the energy')
    call powerstroke_strokes_free(strokes)
    print '(a, f8.4, a, f8.4)', 'mean energy            ', before / n, ' -> ', 0.5_c_double * sum(p**2) / n
    print '(a, i0, a, i0)', 'uptakes, releases        ', ledger%uptakes, ', ', ledger%releases
    print '(a, es9.2)', 'energy change - ledger  ', 0.5_c_double * sum(p**2) - before - booked
    ! Rounding: a few units in the last place a particle and step, and the sums.
    stroke_a_gas = ledger%uptakes > 0 .and. abs(0.5_c_double * sum(p**2) - before - booked) &
      <= epsilon(before) * before * (16.0_c_double * steps + 2.0_c_double * n)
  end function

  ! The master equation of a config: P(E, t) over the bins, whose sum is 1 while nothing lies above the histogram.
  logical function solve_a_config(path)
    character(len=*), intent(in) :: path
    character(len=:), allocatable :: text
    type(c_ptr) :: result, data
    integer(c_size_t) :: shape(2)
    real(c_double), pointer :: probability(:, :), energy(:)
    integer :: unit, bytes
    open (newunit=unit, file=path, access='stream', form='unformatted', action='read')
    inquire (unit, size=bytes)
    allocate (character(len=bytes) :: text)
    read (unit) text
    close (unit)
    call check(powerstroke_solve(c_text(text), result), path)
    call check(powerstroke_result_doubles(result, c_text('solution/bin_probability'), data, shape), 'P(E, t)')
    call c_f_pointer(data, probability, [shape(2), shape(1)])
    call check(powerstroke_result_doubles(result, c_text('solution/mean_energy'), data, shape), 'the energy')
    call c_f_pointer(data, energy, [shape(1)])
    print '(a, f8.5, a, f8.5)', 'mean energy, equation  ', energy(1), ' -> ', energy(size(energy))
    print '(a, f8.5)', 'sum of P(E, end) dE    ', sum(probability(:, size(probability, 2)))
    solve_a_config = abs(sum(probability(:, size(probability, 2))) - 1.0_c_double) < 1e-6_c_double
    call powerstroke_result_free(result)
  end function
end program
